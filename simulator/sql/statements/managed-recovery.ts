import type { Parser } from "../syntax/parser.ts";
import { requireMounted, requireRoot } from "./rules.ts";
import type { StatementWorld } from "./statement.ts";

type Action = (world: StatementWorld) => Promise<void>;

/** RECOVER MANAGED STANDBY DATABASE [USING CURRENT|ARCHIVED LOGFILE] [NODELAY] [DISCONNECT [FROM SESSION]] | CANCEL [IMMEDIATE]; the cursor is behind DATABASE. */
export function parseManagedRecovery(cursor: Parser): Action {
  if (cursor.accept("CANCEL")) {
    cursor.acceptOne("IMMEDIATE", "NOWAIT", "WAIT");
    return checked((world) => world.core.instance.cancelApply());
  }
  let realTime = true;
  let disconnect = false;
  for (;;) {
    if (cursor.accept("USING")) {
      realTime = cursor.acceptOne("CURRENT", "ARCHIVED") !== "ARCHIVED";
      cursor.expect("LOGFILE");
    } else if (cursor.accept("DISCONNECT")) {
      cursor.accept("FROM", "SESSION");
      disconnect = true;
    } else if (cursor.accept("PARALLEL")) cursor.integer();
    else if (!cursor.accept("NODELAY") && !cursor.accept("NOPARALLEL")) break;
  }
  return checked((world) => world.core.instance.startApply({ realTime, wait: !disconnect }));
}

function checked(action: Action): Action {
  return async (world) => {
    requireRoot(world);
    requireMounted(world);
    await action(world);
  };
}
