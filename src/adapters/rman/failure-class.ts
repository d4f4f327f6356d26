import type { RmanFailureClass } from "../../domain/rman.ts";

const classes: Readonly<Record<RmanFailureClass, readonly string[]>> = {
  corruption: ["ORA-00227", "ORA-01578", "ORA-19563", "ORA-19566", "ORA-19587", "ORA-19599", "ORA-19870"],
  space: ["ORA-15041", "ORA-19502", "ORA-19804", "ORA-19809", "ORA-19815"],
  // Somebody else is at work, or the control file changed while it was read.
  retry: ["ORA-00054", "ORA-00230", "ORA-00235", "ORA-19573", "ORA-01033", "ORA-01089", "ORA-01090"],
  environment: [
    "ORA-00245",
    "ORA-00246",
    "ORA-01017",
    "ORA-01031",
    "ORA-01034",
    "ORA-01109",
    "ORA-01507",
    "ORA-01580",
    "ORA-12162",
    "ORA-12547",
    "ORA-27040",
    "ORA-27054",
    "ORA-27101",
    "ORA-28000",
    "RMAN-00552",
    "RMAN-00554",
    "RMAN-00558",
    "RMAN-04005",
    "RMAN-06403",
  ],
  refuse: [
    "ORA-19505",
    "ORA-19602",
    "ORA-19625",
    "ORA-19923",
    "ORA-27038",
    "RMAN-06010",
    "RMAN-06056",
    "RMAN-06059",
    "RMAN-06094",
    "RMAN-06168",
    "RMAN-06571",
    "RMAN-20201",
    "RMAN-20202",
    "RMAN-20207",
    "RMAN-20230",
  ],
};

const byCode = new Map(
  Object.entries(classes).flatMap(([name, codes]) =>
    codes.map((code) => [code, name as RmanFailureClass] as const),
  ),
);

/** Frames of a stack: they say that something failed, never what. */
export const FRAMES = new Set([
  "RMAN-00569",
  "RMAN-00571",
  "RMAN-00579",
  "RMAN-00601",
  "RMAN-03002",
  "RMAN-03008",
  "RMAN-03009",
  "RMAN-10031",
]);

/** The server process or the way to it was lost. */
export const LOST = new Set(["ORA-00603", "ORA-01092", "ORA-03113", "ORA-03114", "ORA-03135", "ORA-12571"]);

/** What the operating system says of a full file system, whatever Oracle calls it. */
const NO_SPACE = /Error: (28|122): /u;

/**
 * The class of a stack, read from its end: the last line is the cause, but lines of the operating system follow it. An
 * unknown code is a refusal: it is not tried again by itself.
 */
export function failureClass(
  codes: readonly string[],
  text: string,
): { readonly cause: string; readonly class: RmanFailureClass } {
  const causes = codes.filter((code) => !FRAMES.has(code));
  const damaged = causes.find((code) => byCode.get(code) === "corruption");
  if (damaged !== undefined) return { cause: damaged, class: "corruption" };
  const known = causes.findLast((code) => byCode.has(code)) ?? causes.at(-1) ?? codes.at(-1) ?? "RMAN-00569";
  if (NO_SPACE.test(text)) return { cause: known, class: "space" };
  return { cause: known, class: byCode.get(known) ?? "refuse" };
}
