import { parseArgs } from "node:util";

import { benchCold } from "./cold.ts";
import { benchCopy } from "./copy.ts";
import { benchHot } from "./hot.ts";
import { benchRefresh } from "./refresh.ts";
import type { BenchOptions } from "./options.ts";
import { benchStorage } from "./storage.ts";

/** One paired measurement of a bench: prints its table to stdout, gives the figures. */
type Bench = (
  options: BenchOptions,
) => Promise<Readonly<Record<string, number | Readonly<Record<string, number>>>>>;

const benches: Readonly<Record<string, Bench>> = {
  cold: benchCold,
  copy: benchCopy,
  hot: benchHot,
  refresh: benchRefresh,
  storage: benchStorage,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    size: { type: "string" },
    pairs: { type: "string", default: "5" },
  },
});
const bench = benches[positionals[0] ?? ""];
/** Refresh is measured over several files. */
const usualSize = positionals[0] === "refresh" ? "4G" : "2G";
const size = bytesOf(values.size ?? usualSize);
const pairs = Number(values.pairs);
if (bench === undefined || size === undefined || !Number.isInteger(pairs) || pairs < 1) {
  console.error(
    `usage: npm run -s bench -- ${Object.keys(benches).join("|")} [--json] [--size 2G] [--pairs 5]`,
  );
  process.exitCode = 2;
} else {
  const figures = await bench({ size, pairs });
  if (values.json) console.log(JSON.stringify(figures));
}

/** `512M` or `2G` as bytes. */
function bytesOf(text: string): number | undefined {
  const match = /^(\d+)([MG])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (match[2] === "G" ? 2 ** 30 : 2 ** 20);
}
