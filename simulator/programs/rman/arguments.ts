/** What `rman` was told on its command line. */
export interface RmanArguments {
  readonly target: boolean;
  readonly cmdfile: string | undefined;
  readonly log: string | undefined;
  readonly append: boolean;
  readonly msgno: boolean;
  /** For &1, &2… of the command file. */
  readonly using: readonly string[];
}

/** Names of arguments with a value: `cmdfile=F`, `cmdfile F`, `@F`. RMAN-00552 is given as its text. */
export function readArguments(argv: readonly string[]): RmanArguments | string {
  const words = argv.flatMap((word) => (word.startsWith("@") ? ["cmdfile", word.slice(1)] : splitOnce(word)));
  const found = { target: false, append: false, msgno: false };
  const values: { cmdfile?: string; log?: string } = {};
  const using: string[] = [];
  while (words.length > 0) {
    const word = (words.shift() ?? "").toLowerCase();
    if (word === "target") {
      if (words.shift() !== "/") return "RMAN-00552: syntax error in command line arguments\n";
      found.target = true;
    } else if (word === "cmdfile" || word === "log") values[word] = words.shift() ?? "";
    else if (word === "append" || word === "msgno") found[word] = true;
    else if (word === "using") using.push(...words.splice(0));
    else if (word !== "nocatalog") return "RMAN-00552: syntax error in command line arguments\n";
  }
  return { ...found, cmdfile: values.cmdfile, log: values.log, using };
}

function splitOnce(word: string): string[] {
  const at = word.indexOf("=");
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

/** &1 and &1. are replaced by what USING gave. */
export function substituted(script: string, using: readonly string[]): string {
  return script.replaceAll(/&(\d+)\.?/gu, (whole, digits: string) => using[Number(digits) - 1] ?? whole);
}
