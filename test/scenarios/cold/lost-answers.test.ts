import { describe, expect, test } from "vitest";

import type { InstanceDoorCall } from "../../../simulator/doors/in-process-instance.ts";
import { UmbraError } from "../../../src/errors/umbra-error.ts";
import { backupCold } from "../../../src/run/backup-cold.ts";
import { coldManifestOf } from "../../rigs/restored-cold-database.ts";
import { simulatedWorld, type SimulatedWorldOptions } from "../../rigs/simulated-world.ts";

function lost(action: string): UmbraError<"UMB-5303"> {
  const message = "the connection was cut";
  return new UmbraError("UMB-5303", { program: "sqlplus", action, ora: null, message, lost: true });
}

/** The first call of this action fails so; later ones are good. */
function once(action: string) {
  let done = false;
  return (call: InstanceDoorCall) => {
    if (done || call.action !== action) return;
    done = true;
    throw lost(action);
  };
}

async function madeWith(options: SimulatedWorldOptions): Promise<readonly (string | undefined)[]> {
  await using rig = await simulatedWorld(options);
  const made = await backupCold(rig.world);
  if (!made.ok) throw new Error(JSON.stringify(made.refusals));
  expect(rig.instance.openMode).toBe("READ WRITE");
  expect(coldManifestOf(made.backup.directory).cold.consistent).toBe(true);
  const { state, database } = rig.world;
  expect(await state.startups.pending(database.name)).toEqual([]);
  return rig.events.flatMap((event) =>
    event.kind === "step-finished" && event.step === "shut-down" ? [event.note] : [],
  );
}

describe("a cold backup is made all the same", () => {
  test("where the answer to SHUTDOWN is lost", async () => {
    await madeWith({ control: { faults: { answering: once("shutdown immediate") } } });
  });

  test("where SHUTDOWN never arrived", async () => {
    await madeWith({ control: { faults: { sending: once("shutdown immediate") } } });
  });

  test("where the answer to STARTUP is lost", async () => {
    await madeWith({ control: { faults: { answering: once("startup mount") } } });
  });

  test("where a look at the instance fails", async () => {
    const [answer, look] = [once("shutdown immediate"), once("status")];
    let isSent = false;
    await madeWith({
      control: {
        faults: {
          answering: (call) => {
            isSent ||= call.action === "shutdown immediate";
            answer(call);
          },
          sending: (call) => (isSent ? look(call) : undefined),
        },
      },
    });
  });

  test("where SHUTDOWN is stuck and the written policy allows an abort with its repair (rule 17)", async () => {
    let stuck = true;
    const [note] = await madeWith({
      config: { cold: { abortWhenStuck: true }, deadlines: { shutdownMs: 300, startupMs: 4_000 } },
      control: {
        hold: (step) => (step === "shutdown" && stuck ? new Promise(() => {}) : Promise.resolve()),
        faults: {
          sending: (call) => {
            if (call.action === "shutdown abort") stuck = false;
          },
        },
      },
    });
    expect(note).toMatch(/aborted, started restricted and shut down cleanly/);
  });
});
