import { readlink } from "node:fs/promises";

import type { Mount } from "../../domain/mount.ts";
import type { FilePath } from "../../domain/names.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { ForwardRequest, ForwardResult, RefreshRequest, RefreshResult } from "../../ports/copier.ts";
import type { Host } from "../../ports/host.ts";
import { networkMountOn } from "./network-path.ts";

export interface CarefulHostParts {
  /** Works in this process. */
  readonly direct: Host;
  /** Works in a process of its own, as `createChildHost`. Made for each network file system, when it is first used. */
  readonly child: () => Host & Disposable;
}

/** Reading what the kernel tells of its mounts touches none of them. */
const MOUNTS_MS = 10_000;

/**
 * This machine: paths on network file systems are touched by children only, one for each file system, so that a server
 * that is gone holds nothing else; local paths in this process, at no cost. Contract: `Host`.
 */
export function createCarefulHost({ direct, child }: CarefulHostParts): Host & Disposable {
  const children = new Map<string, Host & Disposable>();
  const childOf = ({ id, point }: Mount): Host => {
    const key = `${id} ${point}`;
    const known = children.get(key) ?? child();
    children.set(key, known);
    return known;
  };
  const hostOf = async (...paths: readonly FilePath[]): Promise<Host> => {
    const mounts = await direct.mounts({ deadlineMs: MOUNTS_MS });
    for (const path of paths) {
      const mount = await networkMountOn(path, mounts, linkTarget);
      if (mount !== undefined) return childOf(mount);
    }
    return direct;
  };
  return {
    name: direct.name,
    stat: async (path, options) => await (await hostOf(path)).stat(path, options),
    list: async (path, options) => await (await hostOf(path)).list(path, options),
    read: async (path, range, options) => await (await hostOf(path)).read(path, range, options),
    writeAtomically: async (path, content, options) =>
      await (await hostOf(path)).writeAtomically(path, content, options),
    append: async (path, piece, options) => await receiving(await hostOf(path)).append(path, piece, options),
    publish: async (path, name, options) => await receiving(await hostOf(path)).publish(path, name, options),
    makeDirectory: async (path, options) => await (await hostOf(path)).makeDirectory(path, options),
    remove: async (path, options) => await (await hostOf(path)).remove(path, options),
    freeBytes: async (path, options) => await (await hostOf(path)).freeBytes(path, options),
    mounts: (options) => direct.mounts(options),
    run: (argv, options) => direct.run(argv, options),
    copy: async (request) => await (await hostOf(request.source, request.target)).copy(request),
    ...(direct.refresh && {
      refresh: async (request: RefreshRequest) =>
        await refreshOn(await hostOf(request.source, request.target), request),
    }),
    ...(direct.forward && {
      forward: async (request: ForwardRequest) =>
        await forwardOn(await hostOf(request.source, request.target), request),
    }),
    verify: async (request) => await (await hostOf(request.path)).verify(request),
    [Symbol.dispose]: () => {
      for (const one of children.values()) one[Symbol.dispose]();
      children.clear();
    },
  };
}

/** Children are umbra too, so they can what this process can. */
async function refreshOn(host: Host, request: RefreshRequest): Promise<RefreshResult> {
  if (host.refresh !== undefined) return await host.refresh(request);
  throw new UmbraError("UMB-1001", { what: `${host.name} cannot bring a copy forward` });
}

async function forwardOn(host: Host, request: ForwardRequest): Promise<ForwardResult> {
  if (host.forward !== undefined) return await host.forward(request);
  throw new UmbraError("UMB-1001", { what: `${host.name} cannot make a copy in passes` });
}

type Receiving = Host & Required<Pick<Host, "append" | "publish">>;

function receiving(host: Host): Receiving {
  if (canReceive(host)) return host;
  throw new UmbraError("UMB-1001", { what: `${host.name} cannot make a file of pieces` });
}

function canReceive(host: Host): host is Receiving {
  return host.append !== undefined && host.publish !== undefined;
}

async function linkTarget(path: string): Promise<string | undefined> {
  return await readlink(path).catch(() => undefined);
}
