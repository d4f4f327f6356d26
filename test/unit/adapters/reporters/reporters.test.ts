import { expect, test } from "vitest";

import { createNdjsonReporter } from "../../../../src/adapters/reporters/ndjson.ts";
import { paintFor } from "../../../../src/adapters/reporters/paint.ts";
import { Progress } from "../../../../src/adapters/reporters/progress.ts";
import { createTerminalReporter } from "../../../../src/adapters/reporters/terminal.ts";
import type { UmbraEvent } from "../../../../src/domain/events.ts";
import { instant } from "../../../../src/domain/instant.ts";
import type { DatabaseName, RunId, StepId } from "../../../../src/domain/names.ts";

const run = "20261121T093300Z-hot-4f2a" as RunId;
const START = Date.UTC(2026, 10, 21, 9, 33);
const at = (ms: number) => instant(START + ms);
const step = (name: string) => name as StepId;
const MiB = 1024 * 1024;

const events: readonly UmbraEvent[] = [
  {
    kind: "run-started",
    at: at(0),
    run,
    database: "PROD1" as DatabaseName,
    plan: "hot backup",
    steps: 3,
    bytes: 400 * MiB,
    files: 2,
  },
  {
    kind: "warning",
    at: at(1),
    run,
    warning: { rule: 57, seen: "force logging is off", todo: "alter database force logging" },
  },
  { kind: "step-started", at: at(2), run, step: step("copy:7"), title: "copy datafile 7" },
  { kind: "step-progress", at: at(1002), run, step: step("copy:7"), bytes: 100 * MiB, totalBytes: 200 * MiB },
  { kind: "step-progress", at: at(2000), run, step: step("copy:7"), bytes: 200 * MiB, totalBytes: 200 * MiB },
  {
    kind: "step-finished",
    at: at(2001),
    run,
    step: step("copy:7"),
    title: "copy datafile 7",
    ms: 1999,
    note: "3 fractured blocks",
  },
  {
    kind: "step-failed",
    at: at(2600),
    run,
    step: step("copy:8"),
    title: "copy /data/evil\n\u001b[31m.dbf",
    code: "UMB-7106",
    message: "no byte could be read",
  },
  { kind: "run-finished", at: at(3000), run, outcome: "failed", ms: 3000 },
];

function rendered(columns: number | undefined, colour = false): string {
  let text = "";
  const reporter = createTerminalReporter({
    write: (part) => (text += part),
    paint: paintFor(colour),
    columns: () => columns,
  });
  events.forEach((event) => reporter.event(event));
  return text;
}

test("a log gets one line with its time for each step that ended", () => {
  expect(rendered(undefined)).toMatchInlineSnapshot(`
    "2026-11-21T09:33:00.000Z 20261121T093300Z-hot-4f2a PROD1: hot backup, 3 steps, 400 MiB
    2026-11-21T09:33:00.001Z warning force logging is off: alter database force logging (rule 57)
    2026-11-21T09:33:02.001Z ok copy datafile 7 (2.0 s) 3 fractured blocks
    2026-11-21T09:33:02.600Z failed copy /data/evil\\n\\u001b[31m.dbf: UMB-7106 no byte could be read
    2026-11-21T09:33:03.000Z 20261121T093300Z-hot-4f2a failed in 3.0 s, 200 MiB, 66.7 MiB/s
    "
  `);
});

test("a terminal shows bytes, files, rate and time left on one live line", () => {
  const lines = rendered(120).replaceAll("\r\u001b[2K", "\n").split("\n");
  expect(lines).toContain("  200 MiB of 400 MiB · 0 of 2 files · 100 MiB/s · 2.0 s left · copy datafile 7");
});

test("a live line is never longer than the terminal, and is gone when the run ends", () => {
  const text = rendered(30);
  expect(
    Math.max(
      ...text
        .replaceAll("\r\u001b[2K", "\n")
        .split("\n")
        .filter((line) => line.startsWith("  "))
        .map((line) => line.length),
    ),
  ).toBeLessThan(30);
  expect(text).toMatch(/failed in 3\.0 s, 200 MiB, 66\.7 MiB\/s\n$/);
});

test("a file's name cannot draw on the terminal", () => {
  expect(rendered(undefined)).toContain("copy /data/evil\\n\\u001b[31m.dbf");
});

test("colour is there only when it is wanted", () => {
  expect(rendered(undefined, true)).toContain("\u001b[32mok");
  expect(rendered(undefined)).not.toContain("\u001b");
});

test("while the database is down the progress says for how long", () => {
  const progress = new Progress();
  const copied = (atMs: number, downMs?: number): UmbraEvent => ({
    kind: "step-progress",
    at: at(atMs),
    run,
    step: step("copy:7"),
    bytes: 1,
    totalBytes: 200,
    ...(downMs === undefined ? {} : { downMs }),
  });
  progress.see(copied(1_000, 12_000));
  expect(progress.text()).toContain("database down for 12.0 s");
  progress.see(copied(2_000));
  expect(progress.text()).not.toContain("down");
});

test("ndjson is one event a line, with the schema's version and UTC times", () => {
  const lines: string[] = [];
  const reporter = createNdjsonReporter((text) => lines.push(text));
  events.forEach((event) => reporter.event(event));
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  expect(JSON.parse(lines[3] ?? "")).toEqual({
    schema: 1,
    kind: "step-progress",
    at: "2026-11-21T09:33:01.002Z",
    run,
    step: "copy:7",
    bytes: 100 * MiB,
    totalBytes: 200 * MiB,
  });
});
