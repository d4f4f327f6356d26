/** What a script asks for, one command each. */
export type Command =
  | { readonly kind: "allocate"; readonly channel: string; readonly format: string | undefined }
  | { readonly kind: "release"; readonly channel: string }
  | { readonly kind: "backup"; readonly backup: BackupCommand }
  | { readonly kind: "recover-copy"; readonly recover: RecoverCopyCommand }
  | { readonly kind: "delete"; readonly selection: Selection; readonly force: boolean }
  | { readonly kind: "crosscheck"; readonly selection: Selection }
  | { readonly kind: "uncatalog"; readonly selection: Selection }
  | { readonly kind: "list"; readonly selection: Selection }
  | { readonly kind: "catalog"; readonly catalog: CatalogCommand }
  | { readonly kind: "validate"; readonly validate: ValidateCommand }
  | { readonly kind: "report-schema" }
  | { readonly kind: "show" }
  /** Without a path: CLEAR. */
  | { readonly kind: "configure"; readonly path: string | undefined }
  | { readonly kind: "set"; readonly text: string }
  | { readonly kind: "sql"; readonly sql: string; readonly quoted: boolean }
  | { readonly kind: "connect" }
  | { readonly kind: "exit" }
  | { readonly kind: "run"; readonly commands: readonly Command[] };

/** A command with its text, which the client echoes. */
export interface Statement {
  readonly command: Command;
  readonly text: string;
}

export type Datafiles = "database" | readonly string[];

export interface BackupCommand {
  /** A number, `copy` for image copies, or nothing for a full set. */
  readonly level: 0 | 1 | undefined;
  readonly asCopy: boolean;
  readonly forRecoverOfCopy: boolean;
  /** Of the copies that a level 1 is for, and of those that are made for want of a parent. */
  readonly copyTag: string | undefined;
  readonly copyFormat: string | undefined;
  readonly tag: string | undefined;
  readonly format: string | undefined;
  readonly sectionBytes: number | undefined;
  readonly filesPerSet: number;
  readonly reuse: boolean;
  readonly what: Datafiles | "controlfile" | "spfile";
}

export interface RecoverCopyCommand {
  readonly files: Datafiles;
  readonly tag: string | undefined;
  readonly untilScn: bigint | undefined;
}

/** Objects of the repository: by kind, tag, key or name. */
export interface Selection {
  readonly of: "copies" | "sets" | "pieces";
  readonly files: Datafiles;
  readonly tag: string | undefined;
  /** Keys or names; empty: all. */
  readonly named: readonly string[];
  readonly noprompt: boolean;
}

export type CatalogCommand =
  | {
      readonly what: "datafilecopy";
      readonly paths: readonly string[];
      readonly level: 0 | null;
      readonly tag: string | undefined;
    }
  | { readonly what: "start-with"; readonly prefix: string; readonly noprompt: boolean };

export type ValidateCommand =
  | { readonly of: "datafiles"; readonly files: Datafiles }
  | { readonly of: "copies"; readonly tag: string | undefined; readonly named: readonly string[] };
