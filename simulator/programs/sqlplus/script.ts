/** One thing that SQL*Plus was told. `line` counts from 1 inside a statement only. */
export type ScriptItem =
  | { readonly kind: "command"; readonly word: string; readonly rest: string }
  | { readonly kind: "statement"; readonly sql: string };

/** Full name of each command of SQL*Plus's own, with the least that must be typed. */
const commands: readonly (readonly [name: string, least: number])[] = [
  ["set", 3],
  ["whenever", 8],
  ["startup", 7],
  ["shutdown", 4],
  ["exit", 4],
  ["quit", 4],
  ["prompt", 3],
  ["recover", 7],
  ["show", 3],
  ["connect", 4],
  ["disconnect", 4],
  ["column", 3],
  ["remark", 3],
  ["spool", 3],
];
/** First words of SQL; any other is a mistake (SP2-0734). */
const SQL =
  /^(select|with|insert|update|delete|merge|alter|create|drop|begin|declare|call|commit|rollback|grant|revoke|lock|savepoint|truncate|analyze|audit|noaudit|comment|rename|purge|explain|administer)\b/iu;
const BLOCK = /^(begin|declare|create\s+(or\s+replace\s+)?(procedure|function|package|trigger|type))\b/iu;

/** Cuts a script into commands and statements, as lines come. A blank line ends a statement without running it. */
export async function* readScript(
  input: AsyncIterator<string, undefined>,
  prompt: (text: string) => void,
): AsyncGenerator<ScriptItem, void> {
  for (;;) {
    prompt("SQL> ");
    const { done, value } = await input.next();
    if (done === true) return;
    const line = value.trim();
    if (line === "" || line === "/" || line.startsWith("--")) continue;
    if (!SQL.test(line)) {
      yield commandOf(await continued(line, input));
      continue;
    }
    const sql = await statement(value, input, prompt);
    if (sql !== undefined) yield { kind: "statement", sql };
  }
}

/** A hyphen at the end continues a command on the next line. */
async function continued(first: string, input: AsyncIterator<string, undefined>): Promise<string> {
  let line = first;
  while (line.endsWith("-")) {
    const { done, value } = await input.next();
    line = `${line.slice(0, -1)}${done === true ? "" : value.trim()}`;
  }
  return line;
}

function commandOf(line: string): ScriptItem {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/su.exec(line.replace(/;\s*$/u, "")) ?? [];
  const typed = word.toLowerCase();
  const known = commands.find(([name, least]) => name.startsWith(typed) && typed.length >= least);
  return { kind: "command", word: known?.[0] ?? word, rest };
}

/** Lines up to `;` at the end of one, or `/` alone; a block ends with `/` only. undefined where it was given up. */
async function statement(
  first: string,
  input: AsyncIterator<string, undefined>,
  prompt: (text: string) => void,
): Promise<string | undefined> {
  const lines: string[] = [];
  const block = BLOCK.test(first.trim());
  for (let line = first; ;) {
    if (line.trim() === "/" && lines.length > 0) return lines.join("\n");
    if (line.trim() === "" || line.trim() === ".") {
      if (!block || line.trim() === ".") return undefined;
    }
    lines.push(line);
    if (!block && line.trimEnd().endsWith(";")) return lines.join("\n").trimEnd().slice(0, -1);
    prompt(`${String(lines.length + 1).padStart(3)}  `);
    const { done, value } = await input.next();
    if (done === true) return undefined;
    line = value;
  }
}
