import { createSshHost } from "../adapters/ssh/ssh-host.ts";
import type { SshLogin, SshSettings, SshTarget } from "../adapters/ssh/target.ts";
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
  /** Version of this umbra, for the greeting of another. */
  readonly version: string;
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
    return this.#opened(name, undefined);
  }

  /** Where the datafiles are, and where manifests and copies are read again: see `StorageConfig.host`. */
  of({ host, storage }: DatabaseConfig): { readonly databaseHost: Host; readonly backupHost: Host } {
    const mounted = this.#parts.fleet.storages.get(storage)?.host;
    const elsewhere = mounted === (host ?? HERE) ? undefined : mounted;
    const databaseHost = this.#opened(host ?? HERE, elsewhere);
    return { databaseHost, backupHost: elsewhere === undefined ? databaseHost : this.named(elsewhere) };
  }

  /** Where the files of `other` are, when that machine sees the backup area of `database` too. */
  copierOf(database: DatabaseConfig, other: DatabaseConfig): Host | undefined {
    const name = other.host ?? HERE;
    const { databaseHost, backupHost } = this.of(database);
    if (name === (database.host ?? HERE)) return databaseHost;
    return name === this.#parts.fleet.storages.get(database.storage)?.host ? backupHost : undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    for (const host of all) {
      host[Symbol.dispose]?.();
      await host[Symbol.asyncDispose]?.();
    }
  }

  /** `mounted`: the machine that sees the same storage, and checks what the tools of the host copied. */
  #opened(name: string, mounted: string | undefined): Host {
    const key = name === HERE || mounted === undefined ? name : `${name} ${mounted}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const host = name === HERE ? this.#parts.here() : this.#openSsh(this.#config(name), mounted);
    this.#open.set(key, host);
    return host;
  }

  #openSsh(config: HostConfig, mounted: string | undefined): Host & Disposable {
    const { become } = config;
    const settings = { ...this.#settings(), ...(become && { become }), ...this.#umbra(config) };
    if (mounted === undefined) return createSshHost(this.#target(config), settings);
    const verify: Host["verify"] = (request) => this.named(mounted).verify(request);
    return createSshHost(this.#target(config), settings, { verifier: { verify } });
  }

  #settings(): SshSettings {
    const { fleet, connectMs } = this.#parts;
    const { own, others } = knownHostsFiles(fleet);
    return { knownHosts: [own, ...others], connectMs, keepaliveMs: KEEPALIVE_MS };
  }

  #umbra({ umbra, forcedCommand }: HostConfig): Pick<SshSettings, "umbra"> {
    if (umbra === undefined) return {};
    const { version } = this.#parts;
    const forced = forcedCommand === true ? { forced: true } : {};
    return { umbra: { argv: [...umbra, "remote"], version, ...forced } };
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
