import { dirname } from "node:path/posix";

import { instant } from "../../domain/instant.ts";
import type { FileStat, Host } from "../../ports/host.ts";
import { temporaryIn } from "../host/durable-file.ts";
import { MOUNTINFO, parseMountinfo } from "../host/mountinfo.ts";
import { type FileTool, ifThere } from "./file-tool.ts";

/** File types of st_mode. */
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/** Hosts with containers have thousands of mounts; a line is about 150 bytes. */
const MOST_MOUNTINFO_BYTES = 8 * 1024 * 1024;

/** The operations on paths, by the tools of the far side. Contract: `Host`. */
export function fileOperations(tool: FileTool): Omit<Host, "name" | "run" | "copy" | "verify"> {
  const read: Host["read"] = (path, { offset, length }, options) => {
    const args = [path, `${offset}`, `${length}`];
    return tool({ script: "read", operation: "read", path, args, options });
  };
  return {
    stat: async (path, options) => {
      const answer = await ifThere(tool({ script: "stat", operation: "stat", path, options }));
      return answer && statOf(answer.toString());
    },
    list: async (path, options) => {
      const answer = await ifThere(tool({ script: "list", operation: "list", path, options }));
      return answer?.toString().split("\0").slice(0, -1).toSorted();
    },
    read,
    writeAtomically: async (path, content, options) => {
      const directory = dirname(path);
      const temporary = temporaryIn(directory);
      const input = Buffer.from(content);
      const args = [path, temporary, directory, `${input.length}`];
      await tool({ script: "write", operation: "write", path, args, options, input });
    },
    makeDirectory: async (path, options) => {
      const args = withAncestors(path);
      await tool({ script: "makeDirectory", operation: "make directory", path, args, options });
    },
    remove: async (path, options) => {
      await ifThere(tool({ script: "remove", operation: "remove", path, options }));
    },
    freeBytes: async (path, options) => {
      const answer = await tool({ script: "freeBytes", operation: "statfs", path, options });
      const [blocks = "", size = ""] = answer.toString().trim().split(" ");
      return Number(BigInt(blocks) * BigInt(size));
    },
    mounts: async (options) => {
      const answer = await read(MOUNTINFO, { offset: 0, length: MOST_MOUNTINFO_BYTES }, options);
      return parseMountinfo(answer.toString());
    },
  };
}

function statOf(answer: string): FileStat {
  const [rawMode = "", bytes, seconds, device = ""] = answer.split(" ");
  const mode = Number.parseInt(rawMode, 16);
  const type = mode & TYPE_MASK;
  return {
    kind: type === REGULAR ? "file" : type === DIRECTORY ? "directory" : "other",
    bytes: Number(bytes),
    modifiedAt: instant(Math.round(Number(seconds) * 1000)),
    device,
    mode: mode & 0o7777,
  };
}

/** From the top down, the path itself last. */
function withAncestors(path: string): readonly string[] {
  const names = path.split("/").filter((name) => name !== "");
  return names.length === 0 ? ["/"] : names.map((_, index) => `/${names.slice(0, index + 1).join("/")}`);
}
