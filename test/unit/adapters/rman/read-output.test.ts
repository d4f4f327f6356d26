import * as fc from "fast-check";
import { expect, test } from "vitest";

import { readOutput } from "../../../../src/adapters/rman/read-output.ts";

const END = "\n\nRecovery Manager complete.\n";
const RULE = "RMAN-00571: ===========================================================";
const stack = (...lines: readonly string[]) =>
  [RULE, "RMAN-00569: =============== ERROR MESSAGE STACK FOLLOWS ===============", RULE, ...lines].join(
    "\n",
  );

test("each sentence of a refresh is an event, with numbers before it or without", () => {
  const lines = [
    "connected to target database: CDB1 (DBID=1010358776)",
    "RMAN-08030: allocated channel: ch1",
    "Starting backup at 2020-08-05 04:21:52",
    "no parent backup or copy of datafile 17 found",
    "RMAN-08522: input datafile file number=00016 name=+DATA/ORCL/DATAFILE/test_ts.276.1010610875",
    "piece handle=/u01/bk/0hv72kul_1_1 tag=INCR_UPDATE comment=NONE",
    "channel ch1: backup set complete, elapsed time: 01:00:03",
    "output file name=/bk/a file.dbf tag=MIGR RECID=6 STAMP=1010610895",
    "Finished backup at 2020-08-05 04:22:01",
    "no copy of datafile 5 found to recover",
    "recovering datafile copy file number=00009 name=/u01/bk/system",
    "channel ch1: piece handle=/u01/bk/0hv72kul_1_1 tag=INCR_UPDATE",
    "backup piece handle=/u01/bk/0hv72kul_1_1 RECID=12 STAMP=1010610895",
    "RMAN-06908: WARNING: operation will not run in parallel on the allocated channels",
    "released channel: ch1",
  ];
  expect(readOutput(lines.join("\n") + END)).toEqual({
    complete: true,
    events: [
      { kind: "connected", dbid: "1010358776" },
      { kind: "channel-started", channel: "ch1" },
      { kind: "command-started", command: "backup" },
      { kind: "no-parent", file: 17 },
      { kind: "datafile", file: 16, path: "+DATA/ORCL/DATAFILE/test_ts.276.1010610875" },
      { kind: "piece-written", handle: "/u01/bk/0hv72kul_1_1", tag: "INCR_UPDATE" },
      { kind: "elapsed", channel: "ch1", seconds: 3603 },
      { kind: "copy-written", path: "/bk/a file.dbf", tag: "MIGR" },
      { kind: "command-finished", command: "backup" },
      { kind: "nothing-to-recover", file: 5 },
      { kind: "copy-recovering", file: 9, path: "/u01/bk/system" },
      { kind: "piece-applied", handle: "/u01/bk/0hv72kul_1_1", tag: "INCR_UPDATE" },
      { kind: "piece-deleted", handle: "/u01/bk/0hv72kul_1_1" },
      {
        kind: "warning",
        code: "RMAN-06908",
        text: "operation will not run in parallel on the allocated channels",
      },
      { kind: "channel-released", channel: "ch1" },
    ],
  });
});

const causes: readonly (readonly [name: string, lines: readonly string[], cause: string, failure: string])[] =
  [
    [
      "a damaged block, whatever follows",
      [
        "RMAN-03009: failure of backup command on c1 channel at 07/18/2007 17:01:59",
        "ORA-19566: exceeded limit of 0 corrupt blocks for file /a",
        "RMAN-10031: RPC Error: ORA-19583",
      ],
      "ORA-19566",
      "corruption",
    ],
    [
      "a directory that is not there",
      [
        "RMAN-03009: failure",
        'ORA-19504: failed to create file "/a"',
        "ORA-27040: file create error, unable to create file",
        "Linux-x86_64 Error: 2: No such file or directory",
      ],
      "ORA-27040",
      "environment",
    ],
    [
      "a full file system, whatever Oracle calls it",
      [
        "RMAN-03009: failure",
        'ORA-19504: failed to create file "/a"',
        "ORA-27044: unable to write the header block of file",
        "Linux-x86_64 Error: 28: No space left on device",
      ],
      "ORA-27044",
      "space",
    ],
    [
      "a full recovery area",
      [
        "RMAN-03009: failure",
        "ORA-19809: limit exceeded for recovery files",
        "ORA-19804: cannot reclaim 52428800 bytes disk space",
      ],
      "ORA-19804",
      "space",
    ],
    [
      "another job on the control file",
      ["RMAN-03009: failure", "ORA-00230: operation disallowed: snapshot control file enqueue unavailable"],
      "ORA-00230",
      "retry",
    ],
    [
      "no archiving",
      ["RMAN-03009: failure", "ORA-19602: cannot backup or copy active file in NOARCHIVELOG mode"],
      "ORA-19602",
      "refuse",
    ],
    [
      "a login that is refused",
      [
        "RMAN-00554: initialization of internal recovery manager package failed",
        "RMAN-04005: error from target database:",
        "ORA-01017: invalid username/password; logon denied",
      ],
      "ORA-01017",
      "environment",
    ],
    [
      "a code that nobody knows",
      ["RMAN-03002: failure of recover command at 1", "RMAN-06999: something new"],
      "RMAN-06999",
      "refuse",
    ],
  ];

test.each(causes)("the cause of a stack is read from its end: %s", (_name, lines, cause, failure) => {
  const { problem } = readOutput(stack(...lines) + END);
  expect(problem).toMatchObject({ cause, class: failure, lost: false });
  expect(problem?.text).not.toContain("RMAN-03009");
});

test("a server process that was lost says nothing about what was done", () => {
  const output = stack("RMAN-03009: failure", "ORA-03113: end-of-file on communication channel");
  expect(readOutput(output + END).problem?.lost).toBe(true);
});

test("a number before a sentence is no error", () => {
  expect(readOutput(`RMAN-03090: Starting backup at 21-NOV-26\nRMAN-12345: new words${END}`)).toEqual({
    complete: true,
    events: [{ kind: "command-started", command: "backup" }],
  });
});

test("output that was cut off is not complete", () => {
  expect(readOutput("Starting backup at 1\nRecovery Manager comp").complete).toBe(false);
});

const word = fc.constantFrom(
  RULE,
  "RMAN-00569: ",
  "ORA-00000:",
  "RMAN-",
  "channel c1: ",
  "piece handle=",
  "input datafile file number=",
  " tag=",
  "elapsed time: 99:99:99",
  "\n",
  "\r\n",
  END,
);

test("garbage never throws, and codes of a problem are always codes", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string({ unit: "binary" }))), (parts) => {
      const { problem } = readOutput(parts.join(""));
      for (const code of problem?.codes ?? []) expect(code).toMatch(/^(RMAN|ORA)-\d{5}$/u);
      expect(problem === undefined || problem.codes.length > 0).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test("what is around a sentence does not change it", () => {
  const noise = fc.string().filter((text) => !/RMAN-|ORA-/u.test(text));
  fc.assert(
    fc.property(noise, noise, fc.integer({ min: 1, max: 99_999 }), (before, after, file) => {
      const text = `${before}\nno parent backup or copy of datafile ${file} found\n${after}`;
      expect(readOutput(text).events).toContainEqual({ kind: "no-parent", file });
    }),
  );
});
