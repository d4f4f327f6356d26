import { describe, expect, test } from "vitest";

import { systemClock } from "../../../../src/adapters/clock.ts";
import { type Errand, instanceError, refusal } from "../../../../src/adapters/sqlplus/instance-error.ts";
import { runProgram } from "../../../../src/adapters/sqlplus/run-program.ts";
import { startupCommand, startupStatements } from "../../../../src/adapters/sqlplus/startup-commands.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { UmbraError } from "../../../../src/errors/umbra-error.ts";
import type { RunOptions } from "../../../../src/ports/host.ts";

const stop: Errand = { program: "sqlplus", action: "shutdown immediate", changes: true };
const look: Errand = { ...stop, action: "a look", changes: false };
const what = { arguments: ["-S"], environment: { ORACLE_SID: "ORCL" }, input: "exit\n" };
const call = { deadlineMs: 1_000 };

function home(run: (argv: readonly string[], how: RunOptions) => Promise<never>) {
  return { host: { run }, clock: systemClock, oracleHome: "/u01/home/" };
}

const failing = (cause: Error) => home(async () => Promise.reject(cause));
const late = new UmbraError("UMB-7202", { host: "h", program: "sqlplus", deadlineMs: 1 });

describe("a program of the ORACLE_HOME", () => {
  test("is run by its path, in English, with nothing that leads elsewhere", async () => {
    let seen: readonly string[] = [];
    const run = (argv: readonly string[]) => {
      seen = argv;
      return Promise.reject(late);
    };
    await expect(runProgram(home(run), look, what, call)).rejects.toBe(late);
    expect(seen.slice(-2)).toEqual(["/u01/home/bin/sqlplus", "-S"]);
    expect(seen).toEqual(
      expect.arrayContaining([
        "ORACLE_SID=ORCL",
        "ORACLE_HOME=/u01/home",
        "NLS_LANG=AMERICAN_AMERICA.AL32UTF8",
        "LC_ALL=C",
        "TWO_TASK=",
        "SQLPATH=",
      ]),
    );
  });

  test("that was to change something and did not answer has an unknown outcome", async () => {
    await expect(runProgram(failing(late), stop, what, call)).rejects.toMatchObject({
      code: "UMB-5303",
      cause: late,
      context: { lost: true },
    });
  });

  test("that was not started has changed nothing", async () => {
    const error = new UmbraError("UMB-7201", { host: "h", program: "sqlplus", reason: "EAGAIN" });
    await expect(runProgram(failing(error), stop, what, call)).rejects.toMatchObject({
      code: "UMB-5306",
      context: { lost: false },
    });
  });

  test.each([126, 127])("that is not there ends with %i, which some ORA- codes give too", async (status) => {
    const ending = (text: string) => ({
      ...home(() => Promise.reject(late)),
      host: {
        run: () =>
          Promise.resolve({ status, signal: undefined, stdout: Buffer.from(text), stderr: Buffer.alloc(0) }),
      },
    });
    await expect(runProgram(ending("env: no such file"), stop, what, call)).rejects.toMatchObject({
      code: "UMB-5306",
    });
    const text = "ORA-01150: cannot prevent writes - file 1 has online backup set";
    expect(await runProgram(ending(text), stop, what, call)).toEqual({ status, text });
  });

  test("is quoted in an error by what it said, and not by more than can be read", () => {
    const said = `\n\nORA-00600\n\n${"x\n".repeat(5_000)}`;
    const { message } = instanceError("UMB-5301", stop, { text: said });
    expect(message.startsWith("shutdown immediate was refused: ORA-00600; x")).toBe(true);
    expect(message.length).toBeLessThan(2_000);
  });
});

describe("the reason of a refusal", () => {
  test.each([
    ["ORA-32004: obsolete parameter\nORA-00205: error in identifying control file", 205, "UMB-5301"],
    ["ORA-01109: database not open\n\nORA-00600: internal error", 600, "UMB-5301"],
    ["ORA-01507: database not mounted", 1507, "UMB-5301"],
    ["CRS-5017: failed:\nORA-01149: cannot shutdown - file 1 has online backup set", 1149, "UMB-5302"],
    ["ORA-03113: end-of-file on communication channel", 3113, "UMB-5303"],
    ["ORA-01031: insufficient privileges", 1031, "UMB-5307"],
  ])("of %j is ORA-%i", (text, ora, code) => {
    expect(refusal(stop, text)).toMatchObject({ code, context: { ora } });
  });

  test("is none where no line begins with an ORA- code", () => {
    expect(refusal(stop, "see ORA-00600 in the manual")).toBeUndefined();
  });
});

describe("the commands of a startup", () => {
  test.each([
    [{ to: "nomount" }, "startup nomount"],
    [{ to: "open", restricted: true }, "startup restrict open"],
    [{ to: "open", readOnly: true }, "startup open read only"],
    [{ to: "mount", pfile: "/tmp/a b.ora" as FilePath }, "startup pfile='/tmp/a b.ora' mount"],
  ] as const)("%j is %s", (request, command) => {
    expect(startupCommand(request)).toBe(command);
  });

  test("a path that could end the command is refused", () => {
    const pfile = "/tmp/a'\nshutdown abort" as FilePath;
    expect(() => startupCommand({ to: "open", pfile })).toThrow(
      expect.objectContaining({ code: "UMB-5309" }),
    );
  });

  test("from a lower state they are statements", () => {
    expect(startupStatements({ to: "open" }, "nomount")).toEqual([
      "alter database mount;",
      "alter database open;",
    ]);
    expect(startupStatements({ to: "open", readOnly: true }, "mount")).toEqual([
      "alter database open read only;",
    ]);
  });
});
