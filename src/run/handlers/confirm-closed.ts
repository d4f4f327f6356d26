import { counted } from "../../domain/human.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { readHead } from "../closed-files.ts";
import { eachOf } from "../each-of.ts";
import { requireNobody, whoStarted } from "../nobody-runs.ts";
import type { Handler } from "../step-context.ts";

const WIDTH = 8;

/**
 * After the copies: whoever opened the database meanwhile wrote the header of each file first. The copies are over, so
 * the limit of the downtime has nothing to stop any more.
 */
export const confirmClosed: Handler<"confirm-closed"> = async (_step, context) => {
  const { world, results, hosts, signal, downtime } = context;
  downtime.unwatch();
  const { proved, last } = results.cold;
  const changed: number[] = [];
  await eachOf([...proved], WIDTH, signal, async ([number, { header, head }]) => {
    const path = last.get(number)?.path;
    if (path === undefined) return;
    const now = await readHead(world.databaseHost, path, header.blockSize, hosts);
    if (!now.equals(head)) changed.push(number);
  });
  if (changed.length > 0) {
    const files = changed.toSorted((a, b) => a - b).join(", ");
    const seen = [
      `the headers of datafile ${files} changed while they were copied`,
      ...(await whoStarted(context)),
    ];
    throw new UmbraError("UMB-9022", { seen, rule: 22 });
  }
  await requireNobody(context, "down-for-long");
  return { note: `${counted(proved.size, "header")} unchanged` };
};
