import { once } from "node:events";
import { connect } from "node:net";

import { describe, expect, test } from "vitest";

import { clobText } from "../../unit/simulator/tns/fake-statements.ts";
import { drivers, makeRig, profileNames, rowsOf } from "./rig.ts";

const cells = drivers.flatMap(([name, driver]) =>
  profileNames.map((profile) => ({ title: `${name} on ${profile}`, driver, profile })),
);

describe.each(cells)("$title", ({ driver, profile }) => {
  test.each([512, 1024])("talks in packets of %i bytes", async (sdu) => {
    await using rig = await makeRig(driver, profile, { sdu });
    const connection = await rig.connect();
    expect(await rowsOf(connection, "select levels 300", { fetchArraySize: 300 })).toHaveLength(300);
    const fetchInfo = { C: { type: driver.STRING } };
    expect((await rowsOf(connection, "select lobs", { fetchInfo }))[0]?.[1]).toBe(clobText);
    const long = "é".repeat(1500);
    expect((await connection.execute("select echo :v from dual", [long])).rows).toEqual([[long]]);
    await expect(connection.execute("select * from nowhere")).rejects.toThrow("ORA-00942");
    await connection.close();
  });

  test("takes errors without markers", async () => {
    await using rig = await makeRig(driver, profile, { errors: "direct" });
    const connection = await rig.connect();
    for (let i = 0; i < 5; i += 1) {
      await expect(connection.execute("select * from nowhere")).rejects.toThrow("ORA-00942");
      await expect(rowsOf(connection, "select failing 150")).rejects.toThrow("ORA-01555");
    }
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    await connection.close();
  });

  test("takes rows whose repeated values are sent again", async () => {
    await using rig = await makeRig(driver, profile, { compress: false });
    const connection = await rig.connect();
    const rows = await rowsOf(connection, "select levels 30", { fetchArraySize: 7 });
    expect(rows.map((row) => row[2]).slice(0, 4)).toEqual(["const", "const", null, "const"]);
    await connection.close();
  });

  test("connects without a RESEND and follows a REDIRECT", async () => {
    await using target = await makeRig(driver, profile, { resendFirst: false });
    const redirectTo = { host: "127.0.0.1", port: target.listener.port };
    await using first = await makeRig(driver, profile, { redirectTo });
    const connection = await first.connect();
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    expect(target.engine.sessions).toHaveLength(1);
    await connection.close();
  });
});

const garbage: readonly (readonly [string, Buffer])[] = [
  ["text", Buffer.from("GET / HTTP/1.1\r\nHost: db\r\n\r\n")],
  ["a packet without length", Buffer.alloc(64)],
  ["a DATA packet before CONNECT", Buffer.from("000b0000060000000000ff", "hex")],
  ["a CONNECT that is too short", Buffer.from("000a0000010000000000", "hex")],
  ["a CONNECT whose data never ends", Buffer.from(`003a000001000000${"ff".repeat(50)}`, "hex")],
];

describe("bytes of a stranger", () => {
  const [, driver] = drivers[0] ?? [];

  test.each(garbage)("%s closes that connection only", async (_, bytes) => {
    if (driver === undefined) throw new Error("no driver");
    await using rig = await makeRig(driver, "19c");
    const connection = await rig.connect();
    const socket = connect(rig.listener.port, "127.0.0.1");
    socket.resume();
    socket.on("error", () => {});
    socket.end(bytes);
    await once(socket, "close");
    await expect.poll(() => rig.listener.connections).toBe(1);
    expect(await rowsOf(connection, "select 1 from dual")).toEqual([[1]]);
    await connection.close();
  });
});
