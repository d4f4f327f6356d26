import { OraError } from "../../engine/ora-error.ts";
import { notAvailable } from "../instance-operations.ts";
import type { ProgramHost } from "../program.ts";
import { type Logon, readLogon } from "./arguments.ts";
import type { LocalConnection } from "./connection.ts";
import { feedbackOf } from "./feedback.ts";
import { printRows } from "./print-rows.ts";
import { readScript, type ScriptItem } from "./script.ts";
import { applySet, defaultSettings } from "./settings.ts";
import { readShutdown, readStartup } from "./startup-order.ts";
import { type ErrorAction, exitStatus, goOn, readExit, readWhenever } from "./whenever.ts";

export interface ScriptRunParts {
  readonly host: ProgramHost;
  readonly input: AsyncIterator<string, undefined>;
  readonly silent: boolean;
  readonly connection: LocalConnection | undefined;
  readonly say: (text: string) => void;
  /** False when the process was killed: nothing more of the script runs. */
  readonly isAlive: () => boolean;
  readonly logIn: (logon: Logon) => LocalConnection | undefined | string;
}

const NOT_CONNECTED = "SP2-0640: Not connected\n";
type Command = (rest: string) => Promise<number | undefined>;

/** One run of a script: each item in turn, until EXIT, the end of the input, or an error that ends it. */
export class ScriptRun {
  readonly #parts: ScriptRunParts;
  readonly #settings = defaultSettings();
  readonly #say: (text: string) => void;
  #connection: LocalConnection | undefined;
  #onSqlError: ErrorAction = goOn;
  #onOsError: ErrorAction = goOn;
  #sqlCode = 0;

  constructor(parts: ScriptRunParts) {
    this.#parts = parts;
    this.#say = parts.say;
    this.#connection = parts.connection;
  }

  /** Gives the exit code. The session is left, its work committed unless it was said otherwise. */
  async toEnd(): Promise<number> {
    const prompt = (text: string) => {
      if (!this.#parts.silent) this.#say(text);
    };
    for await (const item of readScript(this.#parts.input, prompt)) {
      if (!this.#parts.isAlive()) break;
      const code = await this.#perform(item);
      if (code !== undefined) return code;
    }
    await this.#connection?.leave();
    return 0;
  }

  async #perform(item: ScriptItem): Promise<number | undefined> {
    if (item.kind === "statement") return this.#statement(item.sql);
    const commands: Readonly<Record<string, Command>> = {
      set: (rest) => this.#complain(applySet(this.#settings, rest)),
      prompt: (rest) => this.#complain(`${rest}\n`),
      whenever: (rest) => this.#whenever(rest),
      startup: (rest) => this.#startup(rest),
      shutdown: (rest) => this.#shutdown(rest),
      exit: (rest) => this.#exit(readExit(rest)),
      quit: (rest) => this.#exit(readExit(rest)),
      recover: (rest) => this.#recover(rest),
      connect: (rest) => this.#connect(rest),
      show: (rest) => this.#show(rest),
      spool: (rest) => this.#spool(rest),
      disconnect: () => this.#disconnect(),
      column: () => Promise.resolve(undefined),
      remark: () => Promise.resolve(undefined),
    };
    const command = Object.hasOwn(commands, item.word) ? commands[item.word] : undefined;
    if (command !== undefined) return command(item.rest);
    const start = `${item.word} ${item.rest}`.trim().slice(0, 10);
    return this.#complain(`SP2-0734: unknown command beginning "${start}..." - rest of line ignored.\n`);
  }

  #complain(text: string | undefined): Promise<undefined> {
    if (text !== undefined) this.#say(text);
    return Promise.resolve(undefined);
  }

  async #statement(sql: string): Promise<number | undefined> {
    if (this.#connection === undefined) return this.#complain(NOT_CONNECTED);
    try {
      const result = await this.#connection.execute(sql, new AbortController().signal);
      const rows = result.kind === "query" ? Array.from(result.rows) : [];
      if (result.kind === "query") this.#say(printRows(result.columns, rows, this.#settings));
      this.#say(feedbackOf(sql, result, rows.length, this.#settings.feedback));
      return undefined;
    } catch (error) {
      return this.#sqlError(error, (ora) => `${placed(sql, ora.position)}${ora.message}\n\n\n`, true);
    }
  }

  /** Says the error, remembers its code, and does what WHENEVER SQLERROR told where it counts. */
  async #sqlError(
    error: unknown,
    text: (ora: OraError) => string,
    counts: boolean,
  ): Promise<number | undefined> {
    if (!(error instanceof OraError)) throw error;
    this.#say(text(error));
    this.#sqlCode = error.code;
    return counts ? this.#act(this.#onSqlError) : undefined;
  }

  async #act(action: ErrorAction): Promise<number | undefined> {
    return action.kind === "exit" ? this.#exit(action) : undefined;
  }

  async #exit({ code, rollback }: Omit<Extract<ErrorAction, { kind: "exit" }>, "kind">): Promise<number> {
    if (!rollback) await this.#connection?.commit();
    await this.#connection?.leave();
    return exitStatus(code, this.#sqlCode);
  }

  #whenever(rest: string): Promise<undefined> {
    const told = readWhenever(rest);
    if (told === undefined) return this.#complain("SP2-0262: no option specified for WHENEVER\n");
    if (told.on === "sqlerror") this.#onSqlError = told.action;
    else this.#onOsError = told.action;
    return Promise.resolve(undefined);
  }

  async #startup(rest: string): Promise<number | undefined> {
    const order = readStartup(rest);
    if (order === undefined) return this.#complain("SP2-0714: invalid combination of STARTUP options\n");
    return this.#operate(noParameterFile, async ({ operations }) => {
      if (order.force) await operations.shutdown("ABORT", () => undefined);
      await operations.startup(order, this.#say);
    });
  }

  async #shutdown(rest: string): Promise<number | undefined> {
    const mode = readShutdown(rest);
    if (mode === undefined) return this.#complain("SP2-0717: illegal SHUTDOWN option\n");
    await this.#connection?.leave();
    return this.#operate(notAvailable, ({ operations }) => operations.shutdown(mode, this.#say));
  }

  /** `stranger` is what is said of an instance that nobody made. */
  async #operate(
    stranger: (host: ProgramHost) => OraError,
    work: (host: ProgramHost) => Promise<void>,
  ): Promise<number | undefined> {
    const { host } = this.#parts;
    if (this.#connection === undefined) return this.#complain(NOT_CONNECTED);
    try {
      if (!this.#connection.ownsInstance) throw stranger(host);
      await work(host);
      return undefined;
    } catch (error) {
      return this.#sqlError(error, (ora) => `${ora.message}\n`, host.sqlerrorCoversStartup);
    }
  }

  async #recover(rest: string): Promise<number | undefined> {
    if (this.#connection === undefined) return this.#complain(NOT_CONNECTED);
    try {
      await this.#connection.execute(`ALTER DATABASE RECOVER ${rest}`, new AbortController().signal);
      this.#say("Media recovery complete.\n");
      return undefined;
    } catch (error) {
      return this.#sqlError(error, (ora) => `${ora.message}\n\n\n`, true);
    }
  }

  async #connect(rest: string): Promise<number | undefined> {
    await this.#disconnect();
    const made = this.#parts.logIn(readLogon(rest));
    if (typeof made === "string") return this.#complain(made);
    this.#connection = made;
    return this.#complain(made?.idle === true ? "Connected to an idle instance.\n" : "Connected.\n");
  }

  async #disconnect(): Promise<undefined> {
    await this.#connection?.leave();
    this.#connection = undefined;
  }

  #show(rest: string): Promise<undefined> {
    if (/^user$/iu.test(rest.trim())) return this.#complain('USER is "SYS"\n');
    return this.#complain(`SP2-0158: unknown SHOW option "${rest}"\n`);
  }

  /** The simulated program writes no file of its own: this is the mistake that WHENEVER OSERROR is for. */
  async #spool(rest: string): Promise<number | undefined> {
    if (/^off$/iu.test(rest.trim())) return undefined;
    this.#say(`SP2-0606: Cannot create SPOOL file "${rest}"\n`);
    return this.#act(this.#onOsError);
  }
}

/** The line of the fault with an asterisk below it. */
function placed(sql: string, position: number): string {
  const before = sql.slice(0, position).split("\n");
  const line = sql.split("\n")[before.length - 1] ?? "";
  const column = before.at(-1)?.length ?? 0;
  return `${line}\n${" ".repeat(column)}*\nERROR at line ${before.length}:\n`;
}

/** What STARTUP says for a SID that has no files. */
function noParameterFile({ oracleHome }: ProgramHost): OraError {
  return new OraError(1078, "failure in processing system parameters", {
    below: [`LRM-00109: could not open parameter file '${oracleHome}/dbs/init.ora'`],
  });
}
