import { spawn } from "node:child_process";

import type { TestContext } from "vitest";
import { expect, test } from "vitest";

import { startListener } from "../../simulator/tns/listener.ts";
import { requireProgram } from "../programs.ts";
import { FakeEngine } from "../unit/simulator/tns/fake-engine.ts";

/** What a client of another make does: logins, queries, binds, failures, cursors, a call timeout. */
const SCRIPT = `
import sys, oracledb
dsn = sys.argv[1]
c = oracledb.connect(user="scott", password="tiger", dsn=dsn)
k = c.cursor()
def one(sql, args=()):
    k.execute(sql, args)
    return k.fetchone()[0]
print("user", one("select user from dual"))
print("version", c.version)
k.execute("select levels 1000")
print("rows", len(k.fetchall()))
print("echo", one("select echo :v from dual", ["grüße"]))
print("number", one("select echo :v from dual", [42]))
k.execute("alter tablespace users begin backup")
k.execute("insert into t values (1)")
print("affected", k.rowcount)
c.commit()
try:
    k.execute("select * from nowhere")
except oracledb.DatabaseError as e:
    print("failure", e.args[0].code)
out = k.var(str)
k.execute("begin :o := 'out'; end;", [out])
print("out", out.getvalue())
rc = c.cursor()
k.execute("begin open :rc for x; end;", [rc])
print("cursor", len(rc.fetchall()))
k.executemany("insert into t values (:1)", [(1,), (2,), (3,)])
print("many", k.rowcount)
c.ping()
c.call_timeout = 200
try:
    k.execute("begin sleep(3600000); end;")
except oracledb.Error as e:
    print("timeout", e.args[0].full_code)
c.call_timeout = 0
print("after", one("select 1 from dual"))
c.close()
s = oracledb.connect(user="sys", password="change_on_install", dsn=dsn, mode=oracledb.AUTH_MODE_SYSDBA)
print("sysdba", s.cursor().execute("select user from dual").fetchone()[0])
s.close()
try:
    oracledb.connect(user="scott", password="lion", dsn=dsn)
except oracledb.DatabaseError as e:
    print("wrong", e.args[0].code)
`;

function runScript(dsn: string): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("/usr/bin/python3", ["-c", SCRIPT, dsn], {
      env: { PYTHONIOENCODING: "utf8", LANG: "C.UTF-8" },
    });
    const texts: string[] = [];
    child.stdout.on("data", (chunk: Buffer) => texts.push(chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => texts.push(chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text: texts.join("") }));
  });
}

test.for(["12.2", "19c"] as const)(
  "a client of another make finds the same server of release %s",
  async (profile, context: TestContext) => {
    requireProgram(context, "python3-oracledb");
    const engine = new FakeEngine(profile === "19c" ? [19, 21, 0, 0, 0] : [12, 2, 0, 1, 0]);
    const listener = await startListener({ engine, profile });
    try {
      const { code, text } = await runScript(`127.0.0.1:${listener.port}/ORCL`);
      expect(text.trim().split("\n")).toEqual([
        "user SCOTT",
        `version ${engine.identity.version.join(".")}`,
        "rows 1000",
        "echo grüße",
        "number 42",
        "affected 1",
        "failure 942",
        "out out",
        "cursor 250",
        "many 3",
        "timeout DPY-4024",
        "after 1",
        "sysdba SYS",
        "wrong 1017",
      ]);
      expect(code).toBe(0);
    } finally {
      await listener.close();
    }
  },
);
