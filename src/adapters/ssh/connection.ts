import type { Client } from "ssh2";

/** A peer that does not answer the goodbye is cut off. */
const GOODBYE_MS = 500;

interface Connection {
  readonly client: Promise<Client>;
  users: number;
  retired: boolean;
}

/** The use of a connection by one command. */
export interface Lease extends Disposable {
  readonly client: Promise<Client>;
  /** Nobody else gets this connection any more; it is closed when the last who has it is done. */
  retire(): void;
}

/** At most one connection for new commands, made when it is first needed and made anew after it was lost. */
export class SshConnection implements Disposable {
  readonly #connect: () => Promise<Client>;
  #current: Connection | undefined;

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  lease(): Lease {
    const connection = (this.#current ??= this.#opened());
    connection.users += 1;
    return {
      client: connection.client,
      retire: () => this.#retire(connection),
      [Symbol.dispose]: () => {
        connection.users -= 1;
        closeUnused(connection);
      },
    };
  }

  [Symbol.dispose](): void {
    if (this.#current) this.#retire(this.#current);
  }

  #opened(): Connection {
    const connection: Connection = { client: this.#connect(), users: 0, retired: false };
    const gone = () => this.#retire(connection);
    connection.client.then((client) => client.once("close", gone), gone);
    return connection;
  }

  #retire(connection: Connection): void {
    connection.retired = true;
    if (this.#current === connection) this.#current = undefined;
    closeUnused(connection);
  }
}

function closeUnused({ client, users, retired }: Connection): void {
  if (retired && users === 0) client.then(close, () => {});
}

/** What was sent last still goes out, if the peer takes it. */
function close(client: Client): void {
  const cut = setTimeout(() => client.destroy(), GOODBYE_MS);
  client.once("close", () => clearTimeout(cut));
  client.end();
}
