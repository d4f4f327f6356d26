import type { HostAddress } from "../domain/host-address.ts";
import type { HostOptions } from "./host.ts";

export interface ShownHostKey {
  /** `ssh-ed25519` and the like. */
  readonly type: string;
  /** `SHA256:…`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** False: no file of known hosts has a key of this host. */
  readonly known: boolean;
  /** As it goes over the wire. */
  readonly key: Buffer;
}

/** The keys by which ssh servers are told from each other. */
export interface HostKeys {
  /** Which key a host shows now; nobody logs in. Errors: UMB-7211; UMB-7214 changed, UMB-7215 revoked, UMB-7218. */
  ask(address: HostAddress, options: HostOptions): Promise<ShownHostKey>;
  /** Adds a key to umbra's own file of known hosts; durable when it resolves. Errors: UMB-7218. */
  trust(address: HostAddress, shown: ShownHostKey): Promise<void>;
}
