import { OraError } from "../../engine/ora-error.ts";
import type { CursorValue, SqlValue } from "../../engine/values.ts";
import { BindSet, typeOfValue } from "../binds.ts";
import { runDml } from "../dml/run.ts";
import { fail } from "../errors.ts";
import { evaluate, runQuery, type QueryResult, type RunOptions, type Variable } from "../query-run.ts";
import { storedNumber } from "../runtime/stored-value.ts";
import type { StatementWorld } from "../statements/statement.ts";
import type { Expression, Query } from "../syntax/ast.ts";
import { Parser } from "../syntax/parser.ts";
import type { Block, Instruction, Target } from "./ast.ts";
import type { BlockBinds } from "./block-binds.ts";
import { located, undeclared } from "./errors.ts";
import { procedures } from "./procedures.ts";
import type { ExecuteSql } from "./run.ts";

type Of<K extends Instruction["kind"]> = Extract<Instruction, { kind: K }>;
/** How a sequence of instructions ended. */
type Flow = "next" | "exit" | "return";

/** Exceptions that a handler may name, by code. */
const NAMED: Readonly<Record<string, number>> = {
  NO_DATA_FOUND: 1403,
  TOO_MANY_ROWS: 1422,
  ZERO_DIVIDE: 1476,
  DUP_VAL_ON_INDEX: 1,
  INVALID_NUMBER: 1722,
  VALUE_ERROR: 6502,
};

/** Runs the instructions of one anonymous block. */
export class Interpreter {
  readonly #world: StatementWorld;
  readonly #sql: string;
  readonly #binds: BlockBinds;
  readonly #execute: ExecuteSql;
  readonly #variables = new Map<string, Variable>();
  #raised: unknown;

  constructor(world: StatementWorld, sql: string, binds: BlockBinds, execute: ExecuteSql) {
    this.#world = world;
    this.#sql = sql;
    this.#binds = binds;
    this.#execute = execute;
    this.#variables.set("SQL%ROWCOUNT", { type: typeOfValue(0), value: 0 });
  }

  async run(block: Block): Promise<Flow> {
    for (const { name, type, initial, position } of block.declarations) {
      this.#variables.set(name, {
        type,
        value: initial ? this.#at(position, () => this.#value(initial)) : null,
      });
    }
    try {
      return await this.#body(block.body);
    } catch (error) {
      return this.#handle(block, error);
    }
  }

  #handle(block: Block, error: unknown): Promise<Flow> {
    if (!(error instanceof OraError) || error.code === 6550 || error.code === 1013 || error.code === 28)
      throw error;
    const handler = block.handlers.find(({ names }) =>
      names.some((name) => name === "OTHERS" || NAMED[name] === error.code),
    );
    if (handler === undefined) throw error;
    this.#raised = error;
    this.#variables.set("SQLCODE", { type: typeOfValue(0), value: error.code === 1403 ? 100 : -error.code });
    this.#variables.set("SQLERRM", {
      type: typeOfValue(error.message),
      value: error.message.split("\n")[0] ?? "",
    });
    return this.#body(handler.body);
  }

  async #body(body: readonly Instruction[]): Promise<Flow> {
    for (const instruction of body) {
      if (this.#world.signal.aborted) throw fail(1013);
      const flow = await this.#located(instruction);
      if (flow !== "next") return flow;
    }
    return "next";
  }

  async #located(instruction: Instruction): Promise<Flow> {
    try {
      return await this.#step(instruction);
    } catch (error) {
      throw located(error, this.#sql, instruction.position);
    }
  }

  #at<T>(position: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw located(error, this.#sql, position);
    }
  }

  #step(instruction: Instruction): Promise<Flow> {
    const step = this.#steps[instruction.kind] as (instruction: Instruction) => Promise<Flow | void> | void;
    return Promise.resolve(step(instruction)).then((flow) => flow ?? "next");
  }

  readonly #steps: {
    readonly [K in Instruction["kind"]]: (instruction: Of<K>) => Promise<Flow | void> | void;
  } = {
    null: () => undefined,
    return: () => Promise.resolve<Flow>("return"),
    commit: () => this.#control("commit"),
    rollback: () => this.#control("rollback"),
    block: ({ block }) => this.run(block),
    if: ({ branches, otherwise }) =>
      this.#body(branches.find(({ when }) => this.#isTrue(when))?.body ?? otherwise),
    exit: ({ condition }) =>
      Promise.resolve<Flow>(condition === undefined || this.#isTrue(condition) ? "exit" : "next"),
    loop: (instruction) => this.#loop(instruction),
    range: (instruction) => this.#range(instruction),
    rows: (instruction) => this.#rows(instruction),
    raise: ({ name }) => Promise.reject(fail(NAMED[name] ?? 6510)),
    reraise: () => {
      throw this.#raised ?? fail(6510);
    },
    assign: ({ target, value }) => this.#assign(target, this.#value(value)),
    open: ({ target, query }) => this.#assign(target, this.#open(query)),
    select: ({ query, into }) => this.#into(into, runQuery(this.#world, query, this.#options())),
    dml: ({ sql }) => this.#dml(sql),
    execute: (instruction) => this.#immediate(instruction),
    call: ({ name, args, position }) => this.call(name, args, position),
  };

  async #control(word: "commit" | "rollback"): Promise<void> {
    await this.#execute(word, []);
  }

  async call(name: string, args: readonly Expression[], position: number): Promise<void> {
    const known = name.replace(/^SYS\./u, "");
    const procedure = Object.hasOwn(procedures, known) ? procedures[known] : undefined;
    if (procedure === undefined) throw undeclared(this.#sql, position, name);
    await procedure(
      this.#world,
      args.map((arg) => this.#value(arg)),
    );
  }

  async #loop({ condition, body }: Of<"loop">): Promise<Flow> {
    const goesOn = () => condition === undefined || this.#isTrue(condition);
    while (goesOn()) {
      const flow = await this.#body(body);
      if (flow === "exit") return "next";
      if (flow === "return") return flow;
    }
    return "next";
  }

  async #range({ name, from, to, reverse, body }: Of<"range">): Promise<Flow> {
    const [low, high] = [Number(this.#value(from)), Number(this.#value(to))];
    for (let step = low; step <= high; step += 1) {
      this.#variables.set(name, { type: typeOfValue(0), value: reverse ? high - (step - low) : step });
      const flow = await this.#body(body);
      if (flow === "exit") return "next";
      if (flow === "return") return flow;
    }
    return "next";
  }

  async #rows({ name, query, body }: Of<"rows">): Promise<Flow> {
    const { columns, rows } = runQuery(this.#world, query, this.#options());
    for (const row of rows) {
      for (const [index, column] of columns.entries())
        this.#variables.set(`${name}.${column.name}`, { type: column, value: row[index] ?? null });
      const flow = await this.#body(body);
      if (flow === "exit") return "next";
      if (flow === "return") return flow;
    }
    return "next";
  }

  #open(query: Query | Expression): CursorValue {
    if ("body" in query) return { kind: "cursor", ...runQuery(this.#world, query, this.#options()) };
    const parser = new Parser(this.#text(query));
    const parsed = parser.query();
    parser.end(933);
    return { kind: "cursor", ...runQuery(this.#world, parsed, { binds: new BindSet(parser.tokens, []) }) };
  }

  /** Exactly one row: ORA-01403 for none, ORA-01422 for more. */
  #into(targets: readonly Target[], result: QueryResult): void {
    const [row, second] = result.rows;
    if (row === undefined) throw fail(1403);
    if (second !== undefined) throw fail(1422);
    if (row.length !== targets.length) throw fail(row.length > targets.length ? 913 : 947);
    for (const [index, target] of targets.entries()) this.#assign(target, row[index] ?? null);
  }

  async #dml(sql: string): Promise<void> {
    const parser = new Parser(sql);
    const names = parser.tokens.filter((token) => token.kind === "bind").map((token) => token.value);
    const binds = { value: (occurrence: number) => this.#binds.named(names[occurrence] ?? "") };
    const { rowsAffected } = await runDml(this.#world, parser, binds, (name) => this.#variables.get(name));
    this.#variables.set("SQL%ROWCOUNT", { type: typeOfValue(0), value: rowsAffected });
  }

  async #immediate({ sql, into, using }: Of<"execute">): Promise<void> {
    const result = await this.#execute(
      this.#text(sql),
      using.map((expression) => ({ value: this.#value(expression) })),
    );
    if (result.kind === "query" && into.length > 0)
      this.#into(into, { columns: result.columns, rows: [...result.rows] });
  }

  #assign(target: Target, value: SqlValue): void {
    if (target.kind === "bind") return this.#binds.assign(target.name, value);
    const name = target.parts.join(".");
    const variable = this.#variables.get(name);
    if (variable === undefined) throw undeclared(this.#sql, target.position, name);
    this.#variables.set(name, { type: variable.type, value: converted(value, variable) });
  }

  #isTrue(condition: Expression): boolean {
    return (
      this.#value({
        kind: "case",
        branches: [{ when: condition, result: { kind: "number", value: "1" } }],
        otherwise: { kind: "number", value: "0" },
      }) === "1"
    );
  }

  #text(expression: Expression): string {
    const value = this.#value(expression);
    return typeof value === "string" ? value : "";
  }

  #value(expression: Expression): SqlValue {
    return evaluate(this.#world, expression, this.#options()).value;
  }

  #options(): RunOptions {
    return { binds: this.#binds, variables: (name) => this.#variables.get(name) };
  }
}

/** A number variable holds numbers: ORA-06502 for text that is none. */
function converted(value: SqlValue, variable: Variable): SqlValue {
  if (variable.type.type !== "NUMBER" || typeof value !== "string") return value;
  try {
    storedNumber(value);
  } catch {
    throw fail(6502);
  }
  return value;
}
