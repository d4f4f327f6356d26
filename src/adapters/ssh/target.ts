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
  /** For the way to one host and the login there; a jump host has its own. */
  readonly connectMs: number;
  /** A peer that leaves three of these unanswered is gone. */
  readonly keepaliveMs: number;
}
