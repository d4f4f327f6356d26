import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { commandsFor, failed, portions } from "../../../storage-adapters/commands.ts";
import type { RunOptions, RunResult } from "../../../src/ports/host.ts";

const result = (status: number | undefined, stderr = "", signal?: string): RunResult => ({
  status,
  signal,
  stdout: Buffer.from("out"),
  stderr: Buffer.from(stderr),
});

function recorded(answer: RunResult) {
  const runs: { argv: readonly string[]; options: RunOptions }[] = [];
  const run = (argv: readonly string[], options: RunOptions) => {
    runs.push({ argv, options });
    return Promise.resolve(answer);
  };
  return { runs, setting: { storage: "s", host: { name: "h", run } } };
}

describe("programs of a storage", () => {
  test("speak one language and one time zone, whatever the user's are", async () => {
    const { runs, setting } = recorded(result(0));
    const commands = commandsFor(setting, { deadlineMs: 1000 });
    expect(await commands.output(["df", "/x"])).toBe("out");
    await commands.shell("true", ["a b"]);
    expect(runs.map(({ argv }) => argv)).toEqual([
      ["env", "LC_ALL=C", "TZ=UTC0", "df", "/x"],
      ["sh", "-c", "export LC_ALL=C TZ=UTC0\ntrue", "umbra", "a b"],
    ]);
  });

  test("share the deadline of their call, and hear its signal", async () => {
    const { runs, setting } = recorded(result(0));
    const { signal } = new AbortController();
    const commands = commandsFor(setting, { deadlineMs: 5000, signal });
    await commands.attempt(["a"]);
    await commands.attempt(["b"]);
    const [first, second] = runs.map(({ options }) => options);
    expect(first?.signal).toBe(signal);
    expect(first?.deadlineMs).toBeLessThanOrEqual(5000);
    expect(second?.deadlineMs).toBeLessThanOrEqual(first?.deadlineMs ?? 0);
  });

  test("after the call's time is up, the next program is given none", async () => {
    const { runs, setting } = recorded(result(0));
    await commandsFor(setting, { deadlineMs: -10 }).attempt(["a"]);
    expect(runs[0]?.options.deadlineMs).toBe(1);
  });

  test.each([
    [
      result(1, "cannot open 'x':\n dataset does not exist\n"),
      "UMB-6309",
      { said: "cannot open 'x':; dataset does not exist" },
    ],
    [result(1, "cp: error writing 'x': No space left on device"), "UMB-6304", {}],
    [result(1, "cannot create snapshot: out of space"), "UMB-6304", {}],
    [result(undefined, "", "SIGKILL"), "UMB-6309", { said: "killed by SIGKILL" }],
    [result(127, "env: 'zfs': No such file or directory"), "UMB-6310", {}],
  ])("that fail say why: %#", async (answer, code, context) => {
    const { setting } = recorded(answer);
    const ended = commandsFor(setting, { deadlineMs: 1000 }).output(["zfs", "get"]);
    await expect(ended).rejects.toMatchObject({ code, context });
  });

  test("a failure with a thousand arguments is told in a line", () => {
    const argv = Array.from({ length: 1000 }, (_, at) => `/u01/${at}.dbf`);
    expect(failed("s", ["cp", ...argv], 1, "no").message.length).toBeLessThan(300);
  });

  test("portions keep every argument in order, and none is longer than a command line over ssh", () => {
    const words = fc.array(fc.string({ unit: "grapheme", maxLength: 4000 }), { maxLength: 60 });
    fc.assert(
      fc.property(words, (given) => {
        const cut = [...portions(given)];
        expect(cut.flat()).toEqual(given);
        expect(cut.every((portion) => portion.length > 0)).toBe(true);
        expect(cut.every((portion) => Buffer.byteLength(portion.join(" ")) < 100_000)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
