import type { Bind, EngineSession, ExecuteOptions, ExecuteResult } from "../engine/engine.ts";
import { BindSet } from "./binds.ts";
import { containerName, type EngineCore } from "./core.ts";
import { holdSelected, runDml } from "./dml/run.ts";
import { fail, failAt } from "./errors.ts";
import { runBlock } from "./plsql/run.ts";
import { runQuery } from "./query-run.ts";
import type { SessionState } from "./session-state.ts";
import type { StatementWorld } from "./statements/statement.ts";
import { statements } from "./statements/table.ts";
import { Parser } from "./syntax/parser.ts";

const DML = ["INSERT", "UPDATE", "DELETE", "MERGE"];
const BLOCK = ["BEGIN", "DECLARE", "CALL"];

/** One user session: sends each statement to what runs it. */
export class Session implements EngineSession {
  readonly #core: EngineCore;
  readonly #state: SessionState;

  constructor(core: EngineCore, state: SessionState) {
    this.#core = core;
    this.#state = state;
  }

  get sid(): number {
    return this.#state.sid;
  }

  get serial(): number {
    return this.#state.serial;
  }

  get user(): string {
    return this.#state.user;
  }

  get container(): string {
    return containerName(this.#core, this.#state.conId);
  }

  get inTransaction(): boolean {
    return this.#state.transaction !== undefined;
  }

  get currentSchema(): string {
    return this.#state.schema;
  }

  set currentSchema(name: string) {
    this.#state.schema = name;
  }

  setClientInfo(values: Readonly<Record<string, string>>): void {
    Object.assign(this.#state.client, values);
  }

  async execute(sql: string, binds: readonly Bind[], options: ExecuteOptions): Promise<ExecuteResult> {
    this.#requireAlive();
    const abort = new AbortController();
    const signal = AbortSignal.any([options.signal, abort.signal]);
    this.#state.abort = () => abort.abort();
    this.#state.busy = true;
    this.#state.sqlText = sql;
    this.#state.lastCallAt = this.#core.instance.now();
    try {
      return await untilAborted(this.#run(sql, binds, options, signal), signal, () => this.#interruption());
    } finally {
      this.#state.busy = false;
      this.#state.abort = undefined;
    }
  }

  /** ORA-00028 for a killed session, ORA-01013 for a break or a time limit. */
  #interruption(): Error {
    if (this.#state.killed) return fail(28);
    return fail(this.#state.dropped ? 3113 : 1013);
  }

  #requireAlive(): void {
    if (this.#state.killed) throw fail(28);
    if (this.#state.dropped) throw fail(3113);
    if (this.#state.closed) throw fail(1012);
    const { state, startedAt, stopping } = this.#core.instance;
    if (state === "IDLE" || startedAt.getTime() !== this.#state.instanceStartedAt) throw fail(3113);
    if (stopping === "IMMEDIATE") throw fail(1089);
  }

  async #run(
    sql: string,
    binds: readonly Bind[],
    options: ExecuteOptions,
    signal: AbortSignal,
  ): Promise<ExecuteResult> {
    const world: StatementWorld = {
      core: this.#core,
      session: this.#state,
      signal,
      commit: () => this.commit(),
    };
    const known = knownQueries.get(sql);
    if (known !== undefined) return this.#query(known, binds, options, world);
    const cursor = new Parser(sql);
    const first = cursor.peek();
    if (cursor.startsQuery()) return this.#query(parsedQuery(sql, cursor), binds, options, world);
    if (first.kind === "word" && DML.includes(first.value))
      return runDml(world, cursor, new BindSet(cursor.tokens, binds));
    if (first.kind === "word" && BLOCK.includes(first.value))
      return runBlock(world, cursor, binds, (inner, values) => this.#run(inner, values, options, signal));
    if (await this.#control(cursor)) return { kind: "ddl" };
    await this.#statement(cursor, world);
    return { kind: "ddl" };
  }

  async #query(
    { query, tokens }: ParsedQuery,
    binds: readonly Bind[],
    options: ExecuteOptions,
    world: StatementWorld,
  ): Promise<ExecuteResult> {
    if (query.forUpdate && options.describeOnly !== true)
      await holdSelected(world, query, { binds: new BindSet(tokens, binds) });
    const result = runQuery(world, query, {
      binds: new BindSet(tokens, binds),
      describeOnly: options.describeOnly === true,
    });
    return { kind: "query", ...result };
  }

  /** COMMIT, ROLLBACK, SET TRANSACTION, LOCK TABLE, SAVEPOINT. */
  async #control(cursor: Parser): Promise<boolean> {
    if (cursor.accept("COMMIT")) {
      cursor.accept("WORK");
      cursor.accept("WRITE");
      await this.commit();
      return true;
    }
    if (cursor.accept("ROLLBACK")) {
      if (cursor.accept("TO")) throw failAt(cursor.peek().start, 3001);
      await this.rollback();
      return true;
    }
    return (
      cursor.accept("SET", "TRANSACTION") ||
      cursor.accept("SET", "ROLE") ||
      cursor.accept("SAVEPOINT") ||
      cursor.accept("LOCK", "TABLE")
    );
  }

  async #statement(cursor: Parser, world: StatementWorld): Promise<void> {
    const statement = statements.find((candidate) => cursor.isWord(...candidate.starts));
    if (statement === undefined) throw unknownStatement(cursor);
    const bind = cursor.tokens.find((token) => token.kind === "bind");
    if (bind !== undefined) throw failAt(bind.start, 1027);
    cursor.accept(...statement.starts);
    if (statement.ddl) await this.commit();
    await statement.run(cursor, world);
  }

  async commit(): Promise<void> {
    const transaction = this.#state.transaction;
    this.#state.transaction = undefined;
    await transaction?.commit();
  }

  async rollback(): Promise<void> {
    const transaction = this.#state.transaction;
    this.#state.transaction = undefined;
    await transaction?.rollback();
  }

  async close(): Promise<void> {
    if (this.#state.closed) return;
    this.#state.closed = true;
    this.#state.abort?.();
    this.#core.sessions.remove(this.#state);
    const alive =
      this.#core.instance.state !== "IDLE" &&
      this.#core.instance.startedAt.getTime() === this.#state.instanceStartedAt;
    if (alive) await this.rollback();
    else this.#state.transaction = undefined;
  }
}

interface ParsedQuery {
  readonly query: ReturnType<Parser["query"]>;
  readonly tokens: Parser["tokens"];
}

/** The same few queries come again and again. */
const knownQueries = new Map<string, ParsedQuery>();
const MOST_KNOWN = 500;

function parsedQuery(sql: string, cursor: Parser): ParsedQuery {
  const query = cursor.query();
  cursor.end(933);
  const parsed = { query, tokens: cursor.tokens };
  if (knownQueries.size >= MOST_KNOWN) knownQueries.clear();
  knownQueries.set(sql, parsed);
  return parsed;
}

/** Each first word has its own complaint. */
function unknownStatement(cursor: Parser): Error {
  const codes: Readonly<Record<string, number>> = { ALTER: 940, CREATE: 901, DROP: 950 };
  return failAt(cursor.peek().start, codes[cursor.peek().value] ?? 900);
}

/** The call's own outcome, or the interruption as soon as the signal says so; the abandoned work is let run out. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal, interruption: () => Error): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(interruption());
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
    aborted.catch(() => undefined);
    work.catch(() => undefined);
  }
}
