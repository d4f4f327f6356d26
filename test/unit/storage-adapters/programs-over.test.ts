import { expect, test } from "vitest";

import type { RunOptions, RunResult } from "../../../src/ports/host.ts";
import { commandsFor } from "../../../storage-adapters/commands.ts";
import { programsOver } from "../../../storage-adapters/programs-over.ts";

const PROC = "proc /proc proc rw,nosuid,nodev,noexec,relatime";

/** A machine that answers each look with the next of these, and notes what it runs. */
function machine(looks: readonly string[], prefix?: readonly string[]) {
  const ran: string[] = [];
  const heard: (string | Uint8Array | undefined)[] = [];
  const left = [...looks];
  const run = (argv: readonly string[], { input }: RunOptions): Promise<RunResult> => {
    const program = argv[3] ?? "";
    ran.push(program === "sleep" ? argv.slice(3).join(" ") : program);
    heard.push(input);
    const stdout = Buffer.from(program === "sh" ? (left.shift() ?? "") : "");
    return Promise.resolve({ status: 1, signal: undefined, stdout, stderr: Buffer.alloc(0) });
  };
  const setting = { storage: "s", host: { name: "h", run }, ...(prefix === undefined ? {} : { prefix }) };
  return { ran, heard, commands: commandsFor(setting, { deadlineMs: 60_000 }) };
}

const seen = (user: number, groups: string, options: string, running = "") =>
  `${user}\n${groups}\n${PROC}${options} 0 0\n${running}`;

test("a program that names a word is waited for, and the words are not on the command line that looks", async () => {
  const still = seen(1000, "1000", "", "/proc/77/cmdline\n");
  const { ran, heard, commands } = machine([still, still, seen(1000, "1000", "")], ["sudo", "-n"]);
  await programsOver(commands, ["pool/db@umbra-1", "pool/db/umbra-view-1"]);
  expect(ran).toEqual(["sh", "sh", "sh"]);
  expect(heard[0]).toBe("pool/db@umbra-1\npool/db/umbra-view-1\n");
});

test.each([
  ["nothing hides them", seen(1000, "1000", "")],
  ["the option is off", seen(1000, "1000", ",hidepid=off")],
  ["who looks is root", seen(0, "0", ",hidepid=invisible")],
  ["who looks is in the group that sees all", seen(1000, "1000 26", ",gid=26,hidepid=invisible")],
  ["who looks is in root's group, which is the one without a name", seen(1000, "0 1000", ",hidepid=2")],
])("programs under sudo are over at once when none is seen, where %s", async (_, look) => {
  const { ran, commands } = machine([look], ["sudo", "-n"]);
  await programsOver(commands, ["x"]);
  expect(ran).toEqual(["sh"]);
});

test.each([
  ["they are invisible", seen(1000, "1000", ",hidepid=invisible")],
  ["on an older kernel", seen(1000, "1000", ",hidepid=2")],
  ["only their command lines are", seen(1000, "1000", ",hidepid=noaccess")],
  ["the group that sees all is another", seen(1000, "1000", ",gid=26,hidepid=2")],
  ["no group sees all", seen(1000, "1000 26", ",gid=26,hidepid=ptraceable")],
  ["there is no /proc", "1000\n1000\n\n"],
])("programs under sudo that cannot be seen are given time: %s", async (_, look) => {
  const { ran, commands } = machine([look], ["sudo", "-n"]);
  await programsOver(commands, ["x"]);
  expect(ran).toEqual(["sh", "sleep 10"]);
});

test("what runs as the user who looks is never hidden", async () => {
  const { ran, commands } = machine([seen(1000, "1000", ",hidepid=invisible")]);
  await programsOver(commands, ["x"]);
  expect(ran).toEqual(["sh"]);
});
