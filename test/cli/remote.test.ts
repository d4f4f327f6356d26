import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { expect, onTestFinished, test } from "vitest";

import { frameText } from "../../src/remote/frame-text.ts";
import { PROTOCOL } from "../../src/remote/protocol.ts";
import { umbraMain } from "../rigs/umbra-main.ts";
import { umbra } from "./run-umbra.ts";

function started(...options: readonly string[]) {
  const [node = "", ...main] = umbraMain;
  const child = spawn(node, [...main, "remote", ...options], { stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { child, ended };
}

test("remote says who it is, does what it is asked, and ends with its input: nothing but messages is printed", async () => {
  const { child, ended } = started();
  const call = { id: 1, call: "stat", args: ["/", { deadlineMs: 10_000 }] };
  child.stdin.write(frameText({ umbra: "1.0.0", protocol: PROTOCOL }) + frameText(call));
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (seen.includes('"id":1')) child.stdin.end();
  });
  const [stdout, stderr, [status]] = await ended;
  expect([stderr, status]).toEqual(["", 0]);
  const messages = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(messages[0]).toMatchObject({ umbra: expect.stringMatching(/^\d+\./) as string, protocol: PROTOCOL });
  expect(messages.at(-1)).toMatchObject({ id: 1, result: { kind: "directory" } });
});

test("remote ends when the session that it was started in is closed, though its input stays open", async () => {
  const { child, ended } = started();
  await once(child.stdout, "data");
  child.kill("SIGHUP");
  const [, , [status]] = await ended;
  expect(status).toBe(0);
});

test("an umbra of another version is told how both can work together", async () => {
  const { child, ended } = started();
  child.stdin.end(frameText({ umbra: "8.8.8", protocol: PROTOCOL + 1 }));
  const [, stderr, [status]] = await ended;
  expect(status).toBe(7);
  expect(stderr).toMatch(/UMB-7221.*8\.8\.8/);
  expect(stderr).toMatch(/to do: install the same version/);
});

test("remote is documented by itself, and not shown to beginners", () => {
  expect(umbra(["--help"]).stdout).not.toContain("remote");
  expect(umbra(["remote", "--help"]).stdout).toContain("--allow");
});

test.each([
  [["remote", "--allow", "files,everything"], /everything is none of files, copy, verify, run/],
  [["--output", "json", "remote"], /never json/],
])("%j is bad usage", (argv, message) => {
  const { status, stdout, stderr } = umbra(argv);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
});
