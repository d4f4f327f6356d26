import type { Command, Statement } from "./commands.ts";
import { readBackup, readRecover } from "./read-backup.ts";
import { readCatalog, readSelection, readValidate } from "./read-maintenance.ts";
import { syntaxError } from "./rman-error.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { Words } from "./words.ts";

/** SQL that RMAN takes as it is, from 12.1 on. */
const SQL = /^(select|alter|create|insert|update)$/iu;
/** Commands of RMAN itself that begin like SQL do not exist but for these. */
const ENDS = /^(exit|quit)$/iu;

/** Reads one command after the other, as the client does: one that is not understood stops it when it comes to it. */
export function* readScript(script: string): Generator<Statement, void> {
  const tokens = tokensOf(script);
  let at = 0;
  while (at < tokens.length) {
    const end = endOf(tokens, at, script);
    const own = tokens.slice(at, end);
    const text = script.slice(own[0]?.from ?? 0, own.at(-1)?.to ?? 0);
    at = end;
    yield { command: readOne(own, script), text };
  }
}

/** Where the command ends that begins here: behind its semicolon, or behind the brace that closes its block. */
function endOf(tokens: readonly Token[], from: number, script: string): number {
  const withSemicolon = (at: number) => (tokens[at + 1]?.text === ";" ? at + 2 : at + 1);
  if (ENDS.test(signOf(tokens[from]))) return withSemicolon(from);
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const sign = signOf(tokens[at]);
    if (sign === "{") depth += 1;
    if (sign === "}") depth -= 1;
    if (sign === "}" && depth === 0) return withSemicolon(at);
    if (sign === ";" && depth === 0) return at + 1;
  }
  throw syntaxError("", script, script.length);
}

/** A word or sign of the language; empty for quoted text. */
function signOf(token: Token | undefined): string {
  return token === undefined || token.quoted ? "" : token.text;
}

function readOne(tokens: readonly Token[], script: string): Command {
  const [first, second] = tokens;
  if (first?.text.toLowerCase() === "run" && second?.text === "{") {
    const inside = tokens.slice(
      2,
      tokens.findLastIndex((token) => token.text === "}"),
    );
    const commands: Command[] = [];
    for (let at = 0; at < inside.length;) {
      const end = endOf(inside, at, script);
      commands.push(readOne(inside.slice(at, end), script));
      at = end;
    }
    return { kind: "run", commands };
  }
  const own = tokens.at(-1)?.text === ";" ? tokens.slice(0, -1) : tokens;
  if (first !== undefined && SQL.test(first.text))
    return { kind: "sql", sql: script.slice(first.from, own.at(-1)?.to), quoted: false };
  return readCommand(new Words(own, script));
}

const readers: Readonly<Record<string, (words: Words) => Command>> = {
  allocate: (words) => {
    words.expect("channel");
    const channel = words.value();
    let format: string | undefined;
    while (!words.ended) {
      if (words.accept("format")) format = words.value();
      else if (!words.accept("device type disk") && !words.accept("type disk")) throw words.unexpected();
    }
    return { kind: "allocate", channel, format };
  },
  release: (words) => {
    words.expect("channel");
    return { kind: "release", channel: words.value() };
  },
  backup: (words) => ({ kind: "backup", backup: readBackup(words) }),
  recover: (words) => ({ kind: "recover-copy", recover: readRecover(words) }),
  delete: (words) => {
    const force = words.accept("force");
    return { kind: "delete", force, selection: readSelection(words) };
  },
  crosscheck: (words) => ({ kind: "crosscheck", selection: readSelection(words) }),
  change: (words) => {
    const selection = readSelection(words, "uncatalog");
    words.expect("uncatalog");
    return { kind: "uncatalog", selection };
  },
  list: (words) => ({ kind: "list", selection: readSelection(words) }),
  catalog: (words) => ({ kind: "catalog", catalog: readCatalog(words) }),
  validate: (words) => ({ kind: "validate", validate: readValidate(words) }),
  show: (words) => {
    words.expect("snapshot controlfile name");
    return { kind: "show" };
  },
  configure: (words) => {
    words.expect("snapshot controlfile name");
    if (words.accept("clear")) return { kind: "configure", path: undefined };
    words.expect("to");
    return { kind: "configure", path: words.value() };
  },
  report: (words) => {
    words.expect("schema");
    return { kind: "report-schema" };
  },
  sql: (words) => ({ kind: "sql", sql: words.value(), quoted: true }),
  set: (words) => {
    const text: string[] = [];
    while (!words.ended) text.push(words.value());
    return { kind: "set", text: text.join(" ") };
  },
  connect: (words) => {
    words.expect("target");
    words.expect("/");
    return { kind: "connect" };
  },
  exit: () => ({ kind: "exit" }),
  quit: () => ({ kind: "exit" }),
};

function readCommand(words: Words): Command {
  const read = Object.hasOwn(readers, words.next) ? readers[words.next] : undefined;
  if (read === undefined) throw words.unexpected();
  words.value();
  const command = read(words);
  if (command.kind !== "exit") words.end();
  return command;
}
