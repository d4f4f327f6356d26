import type { DatabaseConfig } from "../domain/fleet.ts";
import type { DatabaseConnector } from "../ports/database.ts";
import type { Host } from "../ports/host.ts";

/** The way to a standby of the world's database. */
export interface StandbyWay {
  readonly database: DatabaseConfig;
  readonly connector: DatabaseConnector;
  /** Where its files are. */
  readonly host: Host;
  /** The same machine, where it sees the world's backup area too: it copies by itself, and no block travels. */
  readonly copier?: Host;
}
