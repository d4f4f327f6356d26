import type { HostAddress } from "../../domain/host-address.ts";
import type { FilePath } from "../../domain/names.ts";

/** Secrets come as functions that read them when they are needed, and are not kept. */
export type SshLogin =
  | { readonly by: "key"; readonly path: FilePath; readonly passphrase?: () => Promise<string> }
  | { readonly by: "agent"; readonly socket: FilePath }
  | { readonly by: "password"; readonly password: () => Promise<string> };

/** Where and as whom to log in. The account needs a POSIX login shell. */
export interface SshTarget {
  readonly address: HostAddress;
  readonly user: string;
  readonly login: SshLogin;
  /** Jump host: the connection goes through one to it, with its own host key and login. */
  readonly via?: SshTarget;
}

export interface SshSettings {
  /** Files with keys of hosts: umbra's own, the user's. */
  readonly knownHosts: readonly FilePath[];
  /** For the way to one host and the login there, and for reading the files that it needs; a jump host has its own. */
  readonly connectMs: number;
  /** A peer that leaves three of these unanswered is gone. */
  readonly keepaliveMs: number;
  /**
   * Words before every program there, as `sudo -n -u oracle --`. They must end by themselves: nobody answers a question.
   * A program of another account cannot be killed from here when its deadline is missed.
   */
  readonly become?: readonly string[];
  /** Absent: POSIX tools do the work. */
  readonly umbra?: FarUmbra;
}

/** Umbra on the far side. */
export interface FarUmbra {
  /** What starts it, as `umbra remote`. A forced command of the account runs in its place. */
  readonly argv: readonly string[];
  /** Version of this umbra, for the greeting. */
  readonly version: string;
  /** The account can start nothing else, so programs too are run by umbra there, where `--allow` has `run`. */
  readonly forced?: boolean;
}
