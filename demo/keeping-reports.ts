/** The parts of `--output json` that the demo of the live area reads. SCNs are text. */
export interface Listed {
  /** The oldest first. */
  readonly backups: readonly ListedBackup[];
}

/** The live area, or a snapshot of it. */
export interface ListedBackup {
  readonly id: string;
  readonly directory: string;
  readonly snapshot?: { readonly name: string };
}

export interface Refreshed {
  readonly backup: {
    readonly files: number;
    readonly bytes: number;
    readonly minimumRecoveryScn: string;
    readonly recoverableToScn: string;
  };
}

export interface Coverage {
  readonly current: { readonly incarnation: string };
  readonly incarnations: readonly {
    readonly incarnation: string;
    readonly covered: readonly Targets[];
    readonly holes: readonly Hole[];
    readonly ways: readonly (Targets & { readonly source: string })[];
  }[];
}

export interface Targets {
  readonly fromScn: string;
  readonly toScn: string;
}

export interface Hole extends Targets {
  readonly reason: { readonly kind: string };
}

export interface RetentionPlan {
  readonly plan: string;
  readonly objects: readonly { readonly id: string; readonly stays: boolean }[];
}
