import type { WalletFacts } from "../domain/facts.ts";
import type { CallOptions, Database } from "../ports/database.ts";
import { readRows } from "./row-reader.ts";

/** Keystores that have a place; a row without one only says that none is set. Needs MOUNT. */
export async function readWallets(db: Database, options: CallOptions): Promise<WalletFacts[]> {
  const rows = await readRows(db, "wallets", options, (row) => ({
    type: row.text("wrl_type"),
    location: row.optionalText("wrl_parameter") ?? "",
    status: row.text("status"),
  }));
  return rows.filter((row) => row.location !== "");
}
