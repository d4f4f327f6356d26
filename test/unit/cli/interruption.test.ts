import { EventEmitter } from "node:events";

import { expect, test } from "vitest";

import { interruptedBy } from "../../../src/cli/interruption.ts";

function rig(open: readonly string[]) {
  const source = new EventEmitter();
  const said: string[] = [];
  const interruption = interruptedBy(
    source,
    (text) => said.push(text),
    () => Promise.resolve(open),
  );
  return { source, said, signal: interruption.signal };
}

test("each signal that ends a session stops new work and lets the run end backup mode", () => {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    const { source, said, signal } = rig([]);
    expect(signal.aborted).toBe(false);
    source.emit(name);
    expect(signal.aborted).toBe(true);
    expect(said).toEqual([`umbra: ${name}: no new work is begun; ending backup mode where it is on`]);
  }
});

test("a second signal says what is still open, and changes nothing", async () => {
  const { source, said } = rig(["PROD1: end backup of USERS"]);
  source.emit("SIGINT");
  source.emit("SIGINT");
  await expect.poll(() => said.length).toBe(2);
  expect(said[1]).toBe("umbra: SIGINT: already stopping; still open: PROD1: end backup of USERS");
});
