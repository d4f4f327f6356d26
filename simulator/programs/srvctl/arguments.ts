export type Verb = "status" | "start" | "stop";

/** `srvctl VERB database|instance -d NAME [-i INSTANCE] [-o OPTION] [-v] [-f]`, with the long names of 12c too. */
export interface Invocation {
  readonly verb: Verb;
  readonly object: "database" | "instance";
  readonly database: string;
  readonly instance: string | undefined;
  /** Start or stop option, lower case. */
  readonly option: string | undefined;
  readonly verbose: boolean;
}

const valued: Readonly<Record<string, "database" | "instance" | "option">> = {
  "-d": "database",
  "-db": "database",
  "-i": "instance",
  "-instance": "instance",
  "-o": "option",
  "-startoption": "option",
  "-stopoption": "option",
};
const flags = ["-v", "-verbose", "-f", "-force"];

/** The invocation, or what is wrong with it. */
export function readArguments(argv: readonly string[]): Invocation | string {
  const [verb, object, ...rest] = argv;
  if (verb !== "status" && verb !== "start" && verb !== "stop")
    return `PRKO-2000 : Invalid command line syntax: ${argv.join(" ")}\n`;
  if (object !== "database" && object !== "instance")
    return `PRKO-2001 : Invalid object specified on command line: ${object ?? ""}\n`;
  const options = readOptions(rest);
  if (typeof options === "string") return options;
  const { database, instance, option, verbose } = options;
  if (database === undefined) return "PRKO-2003 : Missing mandatory option: -db\n";
  if (object === "instance" && instance === undefined)
    return "PRKO-2003 : Missing mandatory option: -instance\n";
  return { verb, object, verbose, database, instance, option: option?.toLowerCase() };
}

type Options = Partial<Record<"database" | "instance" | "option", string | undefined>> & { verbose: boolean };

function readOptions(words: readonly string[]): Options | string {
  const found: Options = { verbose: false };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const name = valued[word];
    if (name !== undefined) found[name] = words[(at += 1)];
    else if (flags.includes(word)) found.verbose ||= word.startsWith("-v");
    else return `PRKO-2002 : Invalid command line option: ${word}\n`;
  }
  return found;
}
