/** What one check found out about one part of the installation. Never holds a secret. */
export interface Found {
  readonly level: "ok" | "warning" | "problem";
  readonly seen: string;
  readonly todo?: string;
}

export interface DoctorLine extends Found {
  /** `umbra`, `host db1`, `database PROD1`, `storage nas1`. */
  readonly about: string;
  /** `driver`, `login`. */
  readonly what: string;
}

export function ok(seen: string): Found {
  return { level: "ok", seen };
}

export function warning(seen: string, todo: string): Found {
  return { level: "warning", seen, todo };
}

export function problem(seen: string, todo: string): Found {
  return { level: "problem", seen, todo };
}
