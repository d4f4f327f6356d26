import { rmSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { OraError } from "../../../simulator/engine/ora-error.ts";
import type { RunResult } from "../../../src/ports/host.ts";
import type { InstanceControl } from "../../../src/ports/instance.ts";
import { call, instanceRig, ways } from "./rig.ts";

const WARNING = "ORA-32004: obsolete or deprecated parameter(s) specified for RDBMS instance\n";
const STARTED = "ORACLE instance started.\nDatabase mounted.\nDatabase opened.\nUMBRA-END\n";
const unknown = { code: "UMB-5303", context: { lost: true } };

async function told(control: InstanceControl): Promise<string> {
  return (await control.status(call)).state;
}

describe.each(Object.keys(ways))("what can go wrong with %s", (way) => {
  test("a shutdown that hangs has an unknown outcome, and status tells it later", async () => {
    const rollback = Promise.withResolvers<void>();
    await using rig = await instanceRig(way, {
      hold: (step) => (step === "shutdown" ? rollback.promise : Promise.resolve()),
    });
    // On a busy machine a program may be killed before it has asked for anything.
    for (let deadlineMs = 800; rig.door.operations.refusal === undefined; deadlineMs *= 2) {
      const asked = rig.control.shutdown({ mode: "immediate" }, { deadlineMs });
      await expect(asked).rejects.toMatchObject(unknown);
    }
    expect(await told(rig.control)).toBe("stopping");
    await expect(rig.control.startup({ to: "open" }, call)).rejects.toBeInstanceOf(Error);
    rollback.resolve();
    await expect.poll(() => told(rig.control), { timeout: 10_000 }).toBe("down");
  });

  test("shutdown normal waits for a session, and is done when it leaves", async () => {
    await using rig = await instanceRig(way);
    const session = rig.engine.openSession({
      user: "APP",
      privilege: "NORMAL",
      service: "ORCL",
      program: "app",
      machine: "desk",
      osUser: "app",
      terminal: "t",
    });
    const stop = new AbortController();
    const asked = rig.control.shutdown({ mode: "normal" }, { ...call, signal: stop.signal });
    const failure = asked.catch((error: unknown) => error);
    await expect.poll(() => rig.door.operations.refusal?.code, { timeout: 10_000 }).toBe(1090);
    stop.abort();
    expect(await failure).toMatchObject(unknown);
    expect(rig.instance.state).toBe("OPEN");
    await session.close();
    await expect.poll(() => told(rig.control), { timeout: 10_000 }).toBe("down");
  });

  test("a startup whose program is killed goes on, and status tells it", async () => {
    const recovery = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    await using rig = await instanceRig(way, {
      hold: async (step) => {
        if (step !== "open") return;
        begun.resolve();
        await recovery.promise;
      },
    });
    await rig.engine.shutdown("IMMEDIATE");
    const stop = new AbortController();
    const asked = rig.control.startup({ to: "open" }, { ...call, signal: stop.signal });
    const failure = asked.catch((error: unknown) => error);
    await begun.promise;
    stop.abort();
    expect(await failure).toMatchObject(unknown);
    expect(await told(rig.control)).toBe("mount");
    recovery.resolve();
    await expect.poll(() => told(rig.control), { timeout: 10_000 }).toBe("open");
  });

  test("a startup that fails once succeeds when it is asked for again", async () => {
    let failures = 0;
    await using rig = await instanceRig(way, {
      hold: async (step) => {
        failures += step === "start" ? 1 : 0;
        if (step === "start" && failures === 1)
          throw new OraError(27_102, "out of memory", {
            below: ["Linux-x86_64 Error: 12: Cannot allocate memory"],
          });
      },
    });
    await rig.engine.shutdown("IMMEDIATE");
    const first = rig.control.startup({ to: "open" }, call);
    await expect(first).rejects.toMatchObject({ code: "UMB-5301", context: { ora: 27_102 } });
    expect(await rig.control.startup({ to: "open" }, call)).toMatchObject({ changed: true });
  });

  test("a call that was cancelled before it began sends nothing", async () => {
    await using rig = await instanceRig(way);
    const asked = rig.control.shutdown({ mode: "immediate" }, { ...call, signal: AbortSignal.abort() });
    await expect(asked).rejects.toMatchObject({ code: "UMB-5204" });
    expect(rig.commands).toEqual([]);
  });

  test("a missing program is told as such, and nothing is unknown", async () => {
    await using rig = await instanceRig(way);
    rmSync(`${rig.oracleHome}/bin/${way}`);
    const missing = { code: "UMB-5306", context: { lost: false, program: way } };
    await expect(rig.control.status(call)).rejects.toMatchObject(missing);
    await expect(rig.control.shutdown({ mode: "immediate" }, call)).rejects.toMatchObject(missing);
  });

  test.each([
    "",
    "Segmentation fault",
    "ORACLE-Instanz heruntergefahren.",
    "UMBRA-INSTANCE|ORCL|h|ODD|x|NO\nUMBRA-END",
  ])("output like %j is not taken for an answer", async (text) => {
    const control = answering(way, { status: 0, signal: undefined, text });
    const odd = { code: "UMB-5304" };
    await expect(control.status(call)).rejects.toMatchObject(odd);
    await expect(control.shutdown({ mode: "immediate" }, call)).rejects.toMatchObject(odd);
    await expect(control.startup({ to: "open" }, call)).rejects.toMatchObject(odd);
  });

  test("obsolete parameters do not make a startup fail", async () => {
    const [down, started, open] =
      way === "sqlplus"
        ? ["ORA-01034: ORACLE not available", `${WARNING}${STARTED}`, ""]
        : ["Database orcl is not running.", "", "Database orcl is running. Instance status: Open."];
    const ended = (text: string) => ({ status: 0, signal: undefined, text });
    const control = answering(way, ended(down), ended(started), ended(open));
    expect(await control.startup({ to: "open" }, call)).toMatchObject({ changed: true });
  });

  test("a program that a signal ended leaves an unknown outcome", async () => {
    const control = answering(way, { status: undefined, signal: "SIGKILL", text: "Database closed.\n" });
    await expect(control.shutdown({ mode: "immediate" }, call)).rejects.toMatchObject(unknown);
  });
});

interface Ended extends Pick<RunResult, "status" | "signal"> {
  readonly text: string;
}

/** The control over a host whose programs end like this, one after the other, and then as the last. */
function answering(way: string, first: Ended, ...more: readonly Ended[]): InstanceControl {
  const ends = [first, ...more];
  let runs = 0;
  const run = (): Promise<RunResult> => {
    const { status, signal, text } = ends[Math.min(runs, ends.length - 1)] ?? first;
    runs += 1;
    return Promise.resolve({ status, signal, stdout: Buffer.from(text), stderr: Buffer.alloc(0) });
  };
  const control = ways[way]?.({ run }, "/u01/app/oracle/product/19c");
  if (control === undefined) throw new Error(`no such way: ${way}`);
  return control;
}
