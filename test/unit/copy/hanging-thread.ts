import { openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

/** Entry of a thread that hangs in a read, like one of a dead NFS server: nobody writes to the pipe. */
parentPort?.on("message", () => {
  const pipe = openSync(process.env["UMBRA_TEST_PIPE"] ?? "", "r+");
  readSync(pipe, Buffer.alloc(1));
});
