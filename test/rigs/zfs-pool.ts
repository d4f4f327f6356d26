import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import type { TestContext } from "vitest";

import { createLocalHost } from "../../src/adapters/host/local-host.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { Host } from "../../src/ports/host.ts";
import { requireProgram } from "../programs.ts";
import { scratchDirectory } from "./scratch-directory.ts";

/**
 * zfs-fuse keeps its socket and its lock below /run, and remembers its pools in /var/lib/zfs: each daemon of the tests has
 * its own, in a mount namespace that ends with it.
 */
const START = `
set -eu
mount -t tmpfs tmpfs /run
mkdir -p -m 700 /run/zfs /run/lock/zfs
mount -t tmpfs tmpfs /var/lib/zfs
exec zfs-fuse --no-daemon --no-kstat-mount -p "$1/pid"`;

export interface ZfsPool extends AsyncDisposable {
  /** Name of the pool. */
  readonly name: string;
  /** Runs programs and sees files where the pool is mounted, which this process does not. */
  readonly host: Host;
  /** Stands before a program that shall see the pool. */
  readonly inside: readonly string[];
  /** A new dataset with this name in the pool, and where it is mounted. */
  dataset(name: string): Promise<FilePath>;
}

/** A pool of zfs-fuse in a file, with a daemon of its own. Skips the test where that is not allowed: it needs root. */
export async function zfsPool(context: Pick<TestContext, "skip">, bytes = 512 * 2 ** 20): Promise<ZfsPool> {
  requireProgram(context, "zfs-fuse");
  if (process.getuid?.() !== 0) context.skip("zfs-fuse needs root");
  const scratch = scratchDirectory(tmpdir());
  const [vdev, top] = [join(scratch.path, "vdev"), join(scratch.path, "pool")];
  const args = ["-m", "--propagation", "private", "sh", "-c", START, "zfs-pool", scratch.path];
  // unshare becomes the shell, and the shell the daemon: the pid stays.
  const daemon = spawn("unshare", args, { stdio: "ignore" });
  const stopped = async () => {
    await stop(daemon);
    scratch[Symbol.dispose]();
  };
  try {
    await once(daemon, "spawn");
    const host = hostIn(daemon);
    await answering(host, daemon);
    writeFileSync(vdev, "");
    truncateSync(vdev, bytes);
    const name = "tank";
    await done(host, ["zpool", "create", "-O", "atime=off", "-m", top, name, vdev]);
    return {
      name,
      host,
      inside: inside(daemon),
      dataset: async (dataset) => {
        await done(host, ["zfs", "create", `${name}/${dataset}`]);
        return join(top, dataset) as FilePath;
      },
      [Symbol.asyncDispose]: stopped,
    };
  } catch (error) {
    await stopped();
    throw error;
  }
}

const inside = ({ pid }: Pick<ChildProcess, "pid">) => ["nsenter", "-t", String(pid), "-m", "--"];

/** Programs enter the daemon's namespace; files are reached through the daemon's root. */
function hostIn({ pid }: Pick<ChildProcess, "pid">): Host {
  const never = () => Promise.reject(new Error("nothing is copied here"));
  const local = createLocalHost({ copier: { copy: never, verify: never } });
  const there = (path: FilePath): FilePath => `/proc/${pid}/root${path}` as FilePath;
  return {
    ...local,
    name: "zfs-fuse",
    run: (argv, options) => local.run([...inside({ pid }), ...argv], options),
    stat: (path, options) => local.stat(there(path), options),
    list: (path, options) => local.list(there(path), options),
    read: (path, range, options) => local.read(there(path), range, options),
    writeAtomically: (path, content, options) => local.writeAtomically(there(path), content, options),
    makeDirectory: (path, options) => local.makeDirectory(there(path), options),
    remove: (path, options) => local.remove(there(path), options),
    freeBytes: (path, options) => local.freeBytes(there(path), options),
  };
}

const limits = { deadlineMs: 20_000, maxOutputBytes: 2 ** 20 };

async function done(host: Host, argv: readonly string[]): Promise<void> {
  const { status, stderr } = await host.run(argv, limits);
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${stderr.toString()}`);
}

async function answering(host: Host, daemon: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (daemon.exitCode !== null) throw new Error(`zfs-fuse ended with ${daemon.exitCode}`);
    if ((await host.run(["zfs", "list", "-H"], limits)).status === 0) return;
    await setTimeout(25);
  }
  throw new Error("zfs-fuse does not answer");
}

async function stop(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, "exit");
  daemon.kill("SIGTERM");
  await Promise.race([ended, setTimeout(5000)]);
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  daemon.kill("SIGKILL");
  await ended;
}
