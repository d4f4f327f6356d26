import { expect, test } from "vitest";

import type { DoctorAround } from "../../../src/doctor/check.ts";
import { stateDirectory } from "../../../src/doctor/checks/state-directory.ts";
import type { Diagnostics } from "../../../src/doctor/diagnostics.ts";
import type { Fleet } from "../../../src/domain/fleet.ts";
import type { Mount } from "../../../src/domain/mount.ts";
import type { FilePath } from "../../../src/domain/names.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { State } from "../../../src/state/state.ts";

const DIRECTORY = "/var/lib/umbra" as FilePath;

async function lookAt(kind: string, free = 1024 ** 4) {
  const root = { id: 1, parent: 0, device: "8:1", point: "/" as FilePath, source: "none", root: "/" };
  const mounts: readonly Mount[] = [
    { ...root, kind: "xfs" },
    { ...root, id: 2, parent: 1, point: DIRECTORY, kind },
  ];
  const host: Partial<Host> = { freeBytes: async () => free, mounts: async () => mounts };
  const diagnostics: Partial<Diagnostics> = { host: () => host as Host };
  const fleet: Partial<Fleet> = { stateDirectory: DIRECTORY };
  const around = { fleet, diagnostics, state: async () => ({}) as State } as DoctorAround;
  const call = { deadlineMs: 1_000, signal: new AbortController().signal };
  return await stateDirectory.look(around, around.fleet, call);
}

test.each(["nfs", "nfs4", "cifs", "fuse.sshfs", "fuse", "autofs", "ocfs2", "gfs2", "acfs", "beegfs"])(
  "state on %s is a problem: its server may be gone",
  async (kind) => {
    expect(await lookAt(kind)).toMatchObject({
      level: "problem",
      todo: expect.stringContaining("local disk"),
    });
  },
);

test("state on a local disk is right, in memory or on a full disk it is a warning", async () => {
  expect(await lookAt("ext4")).toMatchObject({ level: "ok" });
  expect(await lookAt("tmpfs")).toMatchObject({ level: "warning" });
  expect(await lookAt("xfs", 1024 ** 2)).toMatchObject({ level: "warning" });
});
