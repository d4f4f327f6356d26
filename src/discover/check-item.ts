/** One thing that was looked at. */
export interface CheckItem {
  readonly name: string;
  readonly ok: boolean;
  /** What it means where `ok` is false: an error stops backups, a warning does not. */
  readonly severity: "error" | "warning";
  readonly seen: string;
  readonly todo?: string;
  /** Number in the rules of Oracle backup. */
  readonly rule?: number;
}

export interface CheckReport {
  readonly items: readonly CheckItem[];
}

/** An item whose advice is only told where it is needed. */
export function checked(
  name: string,
  ok: boolean,
  seen: string,
  otherwise: { readonly todo: string; readonly severity?: "error" | "warning"; readonly rule?: number },
): CheckItem {
  const { todo, severity = "error", rule } = otherwise;
  return {
    name,
    ok,
    severity,
    seen,
    ...(ok ? {} : { todo }),
    ...(rule === undefined ? {} : { rule }),
  };
}
