import { describe, expect, test } from "vitest";

import { Lobs, LOCATOR, StoredLob } from "../../../../simulator/tns/lobs.ts";

describe("LOBs", () => {
  test("positions in a CLOB are characters", () => {
    const lob = new StoredLob({ kind: "clob", data: Buffer.from("äöü and more") });
    expect([lob.length, lob.read(2, 2).toString()]).toEqual([12, "öü"]);
    lob.write(2, Buffer.from("OU"));
    lob.trim(7);
    expect(lob.value.data.toString()).toBe("äOU and");
  });

  test("positions in a BLOB are bytes, and a write may make it longer", () => {
    const lob = new StoredLob({ kind: "blob", data: Buffer.from([1, 2, 3]) });
    lob.write(5, Buffer.from([9]));
    expect([...lob.read(1, 100)]).toEqual([1, 2, 3, 0, 9]);
  });

  test("a freed locator is invalid", () => {
    const lobs = new Lobs();
    const value = { kind: "blob", data: Buffer.alloc(1) } as const;
    const locators = [lobs.add(value, true), lobs.add(value, true), lobs.add(value, true)];
    lobs.free(Buffer.concat(locators.slice(0, 2)));
    expect(lobs.count).toBe(1);
    expect(() => lobs.get(locators[0]?.toString("hex") ?? "")).toThrow("ORA-22275");
    expect(locators.every((locator) => locator.length === LOCATOR)).toBe(true);
  });
});
