import { OraError } from "../engine/ora-error.ts";
import type { RecoverSpec } from "./api.ts";
import type { SimulatedDatabase } from "./database.ts";

export interface RecoveryContext {
  readonly database: SimulatedDatabase;
  readonly parameters: ReadonlyMap<string, string>;
  readonly home: string;
}

export async function recoverMedia(_context: RecoveryContext, _spec: RecoverSpec): Promise<void> {
  throw new OraError(3001, "unimplemented feature");
}
