import { createSshHost } from "../adapters/ssh/ssh-host.ts";
import type { SshLogin, SshTarget } from "../adapters/ssh/target.ts";
import { type DatabaseConfig, type Fleet, HERE, type HostConfig } from "../domain/fleet.ts";
import { UmbraError } from "../errors/umbra-error.ts";
import type { Host } from "../ports/host.ts";
import { knownHostsFiles } from "./known-hosts.ts";
import type { Secrets } from "./secrets.ts";

/** Three of these without an answer end a connection. */
const KEEPALIVE_MS = 15_000;

export interface HostsParts {
  readonly fleet: Fleet;
  readonly secrets: Secrets;
  /** For the way to a host and the login there, and for reading a secret. */
  readonly connectMs: number;
  readonly here: () => Host & Partial<AsyncDisposable>;
}

/** The machines of a fleet, each opened when it is first asked for, and once. Nothing connects before it is used. */
export class OpenHosts implements AsyncDisposable {
  readonly #parts: HostsParts;
  readonly #open = new Map<string, Host & Partial<Disposable> & Partial<AsyncDisposable>>();

  constructor(parts: HostsParts) {
    this.#parts = parts;
  }

  /** Without a name: this machine. */
  named(name: string = HERE): Host {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const host = name === HERE ? this.#parts.here() : this.#openSsh(this.#config(name));
    this.#open.set(name, host);
    return host;
  }

  /** Where the datafiles are, and where manifests and copies are read again: see `StorageConfig.host`. */
  of({ host, storage }: DatabaseConfig): { readonly databaseHost: Host; readonly backupHost: Host } {
    const mounted = this.#parts.fleet.storages.get(storage)?.host;
    return { databaseHost: this.named(host), backupHost: this.named(mounted ?? host) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const host of all) {
      host[Symbol.dispose]?.();
      await host[Symbol.asyncDispose]?.();
    }
  }

  #openSsh(config: HostConfig): Host & Disposable {
    const { fleet, connectMs } = this.#parts;
    const { own, others } = knownHostsFiles(fleet);
    const settings = { knownHosts: [own, ...others], connectMs, keepaliveMs: KEEPALIVE_MS };
    return createSshHost(this.#target(config), settings);
  }

  #target(config: HostConfig): SshTarget {
    const { address, user, via } = config;
    const way = via === undefined ? {} : { via: this.#target(this.#config(via)) };
    return { address, user, login: this.#login(config), ...way };
  }

  #login({ login }: HostConfig): SshLogin {
    const { secrets, connectMs } = this.#parts;
    if (login.by === "agent") return login;
    if (login.by === "password") return { by: "password", password: secrets(login.password, connectMs) };
    const { passphrase } = login;
    const secret = passphrase === undefined ? {} : { passphrase: secrets(passphrase, connectMs) };
    return { by: "key", path: login.path, ...secret };
  }

  #config(name: string): HostConfig {
    const config = this.#parts.fleet.hosts.get(name);
    if (config !== undefined) return config;
    throw new UmbraError("UMB-1001", { what: `no host is called ${name}` });
  }
}
