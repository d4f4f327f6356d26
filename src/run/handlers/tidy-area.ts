import { counted } from "../../domain/human.ts";
import { dropMoments } from "../drop-moments.ts";
import { tidyArea as tidy } from "../tidy-area.ts";
import type { Handler } from "../step-context.ts";

/** After the manifest that does not name it any more. */
export const tidyArea: Handler<"tidy-area"> = async (_step, context) => {
  const { world, hosts, results } = context;
  const removed = await tidy(world, hosts);
  const manifest = results.written?.manifest;
  const dropped = manifest?.kind === "refreshed" ? await dropMoments(manifest, context) : undefined;
  const files = removed.length === 0 ? undefined : `${counted(removed.length, "file")} removed`;
  const note = [files, dropped].filter((one) => one !== undefined).join(", ");
  return note === "" ? {} : { note, removed };
};
