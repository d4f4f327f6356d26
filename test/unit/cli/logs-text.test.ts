import { expect, test } from "vitest";

import { logsText } from "../../../src/cli/render/logs.ts";
import type { LogVerdict } from "../../../src/domain/log-report.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import { scn } from "../../../src/domain/scn.ts";

const good = (sequence: number): LogVerdict => ({
  class: "good",
  incarnation: "1001",
  thread: 1,
  sequence,
  firstScn: scn(sequence * 100),
  nextScn: scn(sequence * 100 + 100),
  elsewhere: [],
  why: "whole, by its header",
});

test("good logs that follow each other are one line, every other log has its own with its reason", () => {
  const { firstScn: _first, nextScn: _next, ...unknown } = good(4);
  const logs: LogVerdict[] = [
    good(1),
    good(2),
    { ...good(3), class: "delayed", why: "it was here and has gone", elsewhere: ["/arch/3" as FilePath] },
    { ...unknown, class: "lost", why: "it is nowhere" },
    good(5),
  ];
  const strange = [{ path: "/x/notes\n.txt" as FilePath, problem: "no log" }];
  const text = logsText({
    ok: true,
    report: { logs, strange },
    files: [],
    dbid: "1",
    unreachable: "refused",
  });
  expect(text).toBe(
    [
      "incarnation  thread  sequence  from SCN  to SCN  class",
      "1001              1       1-2       100     300  good",
      "1001              1         3       300     400  delayed  it was here and has gone; at /arch/3",
      "1001              1         4         ?       ?  lost     it is nowhere",
      "1001              1         5       500     600  good",
      "not a log of this database: /x/notes\\n.txt (no log)",
      "The database was not asked, only the files tell: refused",
      "5 logs: 3 good, 1 delayed, 1 lost",
    ].join("\n"),
  );
});
