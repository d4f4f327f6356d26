import { counted } from "../../domain/human.ts";
import type { FilePath } from "../../domain/names.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { newRunId } from "../../run/run-id.ts";
import { type TriedPromise, verifyStorage } from "../../run/storage-verify.ts";
import { type Declare, group } from "../command.ts";
import { table } from "../table.ts";

/** For one call of the storage. */
const DEADLINE_MS = 120_000;

export const storageVerify: Declare = (program, perform) => {
  group(program, "storage", "storages and what they can do")
    .command("verify")
    .description(
      "try on a storage everything that umbra relies on, in a directory of your choice, and clean up",
    )
    .argument("<storage>", "name in the configuration")
    .requiredOption("--scratch <path>", "a directory on the storage that umbra may write; absolute")
    .action(
      perform(async (context, name: string, { scratch }: { readonly scratch: string }) => {
        if (!scratch.startsWith("/")) {
          const message = "--scratch must be an absolute path";
          throw new UmbraError("UMB-2001", { message, command: "storage" });
        }
        const { around } = context;
        const { fleet } = await context.fleet();
        if (fleet.storages.get(name)?.snapshots === undefined) throw new UmbraError("UMB-2008", { name });
        await using opened = around.openStorages(fleet);
        const limits = { deadlineMs: DEADLINE_MS, signal: around.signal() };
        const storage = await opened.storages.open(name, limits);
        const { clock, random } = opened;
        const tried = await verifyStorage({
          storage,
          files: opened.hostOf(name),
          scratch: scratch.replace(/(?<=.)\/+$/, "") as FilePath,
          limits,
          run: newRunId({ clock, random }, "verify"),
          agent: opened.storages.agent,
        });
        const failed = tried.filter(({ outcome }) => outcome === "failed").length;
        const data = { storage: name, system: storage.system, good: failed === 0, promises: tried };
        const exit = failed === 0 ? exitClass.done : exitClass.storage;
        return {
          ok: true,
          kind: "storage-verify",
          data,
          text: verifyText(name, storage.system, tried),
          exit,
        };
      }),
    );
};

function verifyText(name: string, system: string, tried: readonly TriedPromise[]): string {
  const rows = table(
    [
      { title: "OUTCOME", value: (one: TriedPromise) => one.outcome },
      {
        title: "PROMISE",
        value: ({ promise, note }: TriedPromise) => (note === undefined ? promise : `${promise}: ${note}`),
      },
    ],
    tried,
  );
  const count = (outcome: TriedPromise["outcome"]) => tried.filter((one) => one.outcome === outcome).length;
  const failed = count("failed");
  const verdict = failed === 0 ? "can be used" : `does not keep ${counted(failed, "promise")}`;
  return `${rows}\n${name} (${system}) ${verdict}: ${count("ok")} kept, ${count("not offered")} not offered.`;
}
