const verbs = ["status", "start", "stop", "enable", "disable", "modify"] as const;
export type Verb = (typeof verbs)[number];

/** `srvctl VERB database|instance -d NAME [-i INSTANCE[,…]] [-n NODE] [-o OPTION] [-y POLICY] [-v] [-f]`, with the long names of 12c too. */
export interface Invocation {
  readonly verb: Verb;
  readonly object: "database" | "instance";
  readonly database: string;
  /** Names; empty where all are meant. */
  readonly instances: readonly string[];
  readonly node: string | undefined;
  /** Start or stop option, lower case. */
  readonly option: string | undefined;
  /** Management policy, upper case. */
  readonly policy: string | undefined;
  readonly verbose: boolean;
}

type Valued = "database" | "instance" | "node" | "option" | "policy";
const valued: Readonly<Record<string, Valued>> = {
  "-d": "database",
  "-db": "database",
  "-database": "database",
  "-i": "instance",
  "-instance": "instance",
  "-n": "node",
  "-node": "node",
  "-o": "option",
  "-startoption": "option",
  "-stopoption": "option",
  "-y": "policy",
  "-policy": "policy",
};
const flags = ["-v", "-verbose", "-f", "-force"];

/** The invocation, or what is wrong with it. */
export function readArguments(argv: readonly string[]): Invocation | string {
  const [word, object, ...rest] = argv;
  const verb = verbs.find((known) => known === word);
  if (verb === undefined) return `PRKO-2000 : Invalid command line syntax: ${argv.join(" ")}\n`;
  if (object !== "database" && object !== "instance")
    return `PRKO-2001 : Invalid object specified on command line: ${object ?? ""}\n`;
  const options = readOptions(rest);
  if (typeof options === "string") return options;
  const { database, instance, node, option, policy, verbose } = options;
  if (database === undefined) return "PRKO-2003 : Missing mandatory option: -db\n";
  if (object === "instance" && instance === undefined && node === undefined)
    return "PRKO-2003 : Missing mandatory option: -instance\n";
  const instances = instance?.split(",") ?? [];
  return {
    verb,
    object,
    verbose,
    database,
    instances,
    node,
    option: option?.toLowerCase(),
    policy: policy?.toUpperCase(),
  };
}

type Options = Partial<Record<Valued, string | undefined>> & { verbose: boolean };

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
