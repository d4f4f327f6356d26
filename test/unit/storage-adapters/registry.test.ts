import { describe, expect, test } from "vitest";

import { openStorage, readStorageSettings } from "../../../storage-adapters/registry.ts";

const limits = { deadlineMs: 1000 };

describe("settings of a storage", () => {
  test("what may be left out is filled in", () => {
    expect(readStorageSettings({ kind: "openzfs" })).toEqual({
      ok: true,
      settings: { kind: "openzfs", "mount-directory": "/run/umbra/zfs" },
    });
  });

  test.each([
    [{ kind: "netapp" }, [["kind"]]],
    [{}, [["kind"]]],
    [{ kind: "btrfs", prefix: ["sudo", ""], pool: "tank" }, [["prefix", 1], []]],
    [{ kind: "reflink", directory: "relative" }, [["directory"]]],
    [{ kind: "openzfs", "mount-directory": 7 }, [["mount-directory"]]],
    ["btrfs", [[]]],
  ])("everything wrong in %j is told at its place", (given, places) => {
    const read = readStorageSettings(given);
    expect(read.ok ? [] : read.problems.map(({ path }) => path)).toEqual(places);
    expect(read.ok ? [] : read.problems.every(({ text }) => text.length > 0)).toBe(true);
  });

  test.each(["btrfs", "openzfs", "reflink"] as const)(
    "without its program, %s is refused before anything is tried",
    async (kind) => {
      const ran: (readonly string[])[] = [];
      const host = {
        name: "bare",
        run: (argv: readonly string[]) => {
          ran.push(argv);
          const stderr = Buffer.from(`env: '${argv.at(-1)}': No such file or directory\n`);
          return Promise.resolve({ status: 127, signal: undefined, stdout: Buffer.alloc(0), stderr });
        },
      };
      await expect(openStorage("s", { kind }, host, limits)).rejects.toMatchObject({ code: "UMB-6310" });
      expect(ran).toHaveLength(1);
    },
  );
});
