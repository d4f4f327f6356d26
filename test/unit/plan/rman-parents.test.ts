import { expect, test } from "vitest";

import type { DatabaseConfig } from "../../../src/domain/fleet.ts";
import type { DatabaseName, FilePath } from "../../../src/domain/names.ts";
import { areaTreatment, rmanTag } from "../../../src/plan/rman-parents.ts";
import { databaseConfig } from "../../rigs/database-config.ts";
import { planDatafile, planFacts } from "./plan-facts.ts";

const config = (engine: DatabaseConfig["refresh"]["engine"]) =>
  databaseConfig({ directory: "/area", refresh: { engine } });
const inAsm = planDatafile(1, { path: "+DATA/PROD1/DATAFILE/users.259.1" as FilePath });

test("files in ASM are RMAN's only (rule 14)", () => {
  const facts = planFacts({ datafiles: [inAsm] });
  expect(areaTreatment(inAsm, facts, config("rman"))).toEqual({ how: "in-backup-mode", file: inAsm });
  expect(areaTreatment(inAsm, facts, config("blocks"))).toMatchObject({
    how: "refused",
    refusal: { code: "UMB-3107" },
  });
});

test("a file in ASM whose header cannot be read is nobody's", () => {
  const broken = { ...inAsm, header: { ...inAsm.header, error: "FILE NOT FOUND" } } as typeof inAsm;
  expect(areaTreatment(broken, planFacts(), config("rman")).how).toBe("refused");
});

test("a tag is made of the name, as the views will have it (rule 81)", () => {
  const named = (name: string, tag?: string) =>
    rmanTag({
      name: name as DatabaseName,
      refresh: { ...config("rman").refresh, ...(tag === undefined ? {} : { tag }) },
    });
  expect(named("prod-1")).toBe("UMBRA_PROD_1");
  expect(named("prod-1", "bk_x")).toBe("BK_X");
  expect(named("a".repeat(64))).toHaveLength(30);
});
