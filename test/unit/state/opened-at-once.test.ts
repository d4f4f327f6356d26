import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openState } from "../../../src/state/open-state.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

/** As another umbra that makes the same state: it has begun to write, and is done soon. */
const WRITER = `
  const { DatabaseSync } = require("node:sqlite");
  const database = new DatabaseSync(process.argv[1]);
  database.exec("create table mine (x); begin immediate; insert into mine values (1)");
  console.log("writing");
  setTimeout(() => database.exec("commit; drop table mine"), 200);
`;

test("a new state that another process is just writing opens as soon as that is done", async () => {
  using scratch = scratchDirectory();
  const directory = join(scratch.path, "state");
  mkdirSync(directory);
  const argv = ["--no-warnings", "-e", WRITER, join(directory, "umbra.db")];
  const writer = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(writer, "exit");
  await once(writer.stdout, "data");
  using state = openState(directory);
  expect(await state.catalog.list()).toEqual([]);
  expect(await ended).toEqual([0, null]);
});
