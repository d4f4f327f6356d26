/** What happens to a call. */
export type CallFault =
  /** The connection is lost: before the statement ran, after it ran, or in the middle of the answer. */
  | { readonly kind: "drop"; readonly at: "before-run" | "after-run" | "mid-packet" }
  /** The connection is lost after this row of the result, counted from 1. */
  | { readonly kind: "drop-at-row"; readonly row: number }
  /** From this call on the connection takes bytes and never answers. */
  | { readonly kind: "black-hole" }
  | { readonly kind: "delay"; readonly ms: number }
  /** The statement fails without having run. */
  | { readonly kind: "error"; readonly code: number; readonly text: string }
  /** ORA-00028, as after ALTER SYSTEM KILL SESSION. */
  | { readonly kind: "kill" }
  /** After the answer the server announces that it is going away. */
  | { readonly kind: "control"; readonly code: number };

/** What happens to a connection before it is accepted. */
export type ConnectFault =
  | { readonly kind: "refuse"; readonly code: number }
  /** The listener takes the connection and never says a word. */
  | { readonly kind: "silent" }
  | { readonly kind: "hang-up" }
  | { readonly kind: "delay"; readonly ms: number };

interface Counted {
  /** How often the rule strikes. Default: once. */
  readonly times?: number;
  /** Number of the connection, from 1. Default: any. */
  readonly connection?: number;
}

export type FaultRule =
  | (Counted & { readonly on: "connect"; readonly fault: ConnectFault })
  | (Counted & {
      readonly on: "call";
      readonly fault: CallFault;
      /** Number of the call on its connection after the login, from 1. Default: any. */
      readonly call?: number;
      /** Only calls that run or fetch from such a statement. Default: any call. */
      readonly statement?: RegExp;
    });

export type FaultPlan = readonly FaultRule[];

/** A rule that was added; tells how often it struck and takes it back. */
export interface ArmedFault {
  readonly struck: number;
  remove(): void;
}

interface Armed {
  readonly rule: FaultRule;
  struck: number;
}

/** A call as rules see it. */
export interface FaultSite {
  readonly connection: number;
  readonly call: number;
  /** Text of the statement, empty for calls without one. */
  readonly statement: string;
}

/** The faults of a listener, changeable while it serves. The first rule that fits strikes. */
export class Faults {
  #armed: Armed[] = [];

  constructor(plan: FaultPlan = []) {
    for (const rule of plan) this.add(rule);
  }

  add(rule: FaultRule): ArmedFault {
    const armed: Armed = { rule, struck: 0 };
    this.#armed.push(armed);
    const remove = (): void => {
      this.#armed = this.#armed.filter((each) => each !== armed);
    };
    return {
      get struck() {
        return armed.struck;
      },
      remove,
    };
  }

  clear(): void {
    this.#armed = [];
  }

  onConnect(connection: number): ConnectFault | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.on === "connect" && fits(armed, connection)) {
        armed.struck += 1;
        return rule.fault;
      }
    }
    return undefined;
  }

  /** A rule for a row is counted by `confirm` only, when that row was reached. */
  onCall(site: FaultSite): { readonly fault: CallFault; confirm(): void } | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (rule.on !== "call" || !fits(armed, site.connection)) continue;
      if (rule.call !== undefined && rule.call !== site.call) continue;
      if (rule.statement !== undefined && site.statement.search(rule.statement) < 0) continue;
      const atRow = rule.fault.kind === "drop-at-row" ? 1 : 0;
      armed.struck += 1 - atRow;
      return {
        fault: rule.fault,
        confirm: () => {
          armed.struck += atRow;
        },
      };
    }
    return undefined;
  }
}

function fits(armed: Armed, connection: number): boolean {
  const { rule } = armed;
  if (armed.struck >= (rule.times ?? 1)) return false;
  return rule.connection === undefined || rule.connection === connection;
}
