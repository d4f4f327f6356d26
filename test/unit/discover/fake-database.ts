import { type StatementName, statements } from "../../../src/discover/statements.ts";
import { type ContainerName, ROOT } from "../../../src/domain/names.ts";
import type { CallOptions, Database, DatabaseConnector, Row } from "../../../src/ports/database.ts";

export type Answers = Partial<Record<StatementName, readonly Row[] | Error | (() => readonly Row[])>>;

/** Answers statements of sql/ with the rows of a table; keeps what was executed. */
export class FakeDatabase implements Database {
  readonly container: ContainerName;
  readonly executed: string[];
  readonly #answers: Answers;
  #closed = false;

  constructor(answers: Answers, container: ContainerName = ROOT, executed: string[] = []) {
    this.#answers = answers;
    this.container = container;
    this.executed = executed;
  }

  async query(sql: string): Promise<readonly Row[]> {
    if (this.#closed) throw new Error("closed");
    const name = Object.values(statements).find((one) => one.text === sql)?.name;
    if (name === undefined) throw new Error(`no statement of sql/: ${sql}`);
    const answer = this.#answers[name] ?? [];
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer() : answer;
  }

  async execute(sql: string): Promise<void> {
    this.executed.push(sql);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get closed(): boolean {
    return this.#closed;
  }
}

export class FakeConnector implements DatabaseConnector {
  readonly opened: FakeDatabase[] = [];
  readonly executed: string[] = [];
  readonly #answers: (container: ContainerName) => Answers;

  constructor(answers: (container: ContainerName) => Answers) {
    this.#answers = answers;
  }

  async connect(options: CallOptions & { readonly container?: ContainerName }): Promise<Database> {
    const container = options.container ?? ROOT;
    const database = new FakeDatabase(this.#answers(container), container, this.executed);
    this.opened.push(database);
    return database;
  }
}
