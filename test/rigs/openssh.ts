import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { createSshHost, type SshHostParts } from "../../src/adapters/ssh/ssh-host.ts";
import type { SshLogin, SshSettings, SshTarget } from "../../src/adapters/ssh/target.ts";
import type { FilePath } from "../../src/domain/names.ts";
import type { Host } from "../../src/ports/host.ts";
import { type ScratchDirectory, scratchDirectory } from "./scratch-directory.ts";

/** OpenSSH wants its own absolute path, to start itself again for each connection. */
const SSHD = "/usr/sbin/sshd";

export interface KeyPair {
  readonly path: FilePath;
  /** `type base64`, without the comment. */
  readonly publicKey: string;
}

/** A real OpenSSH server on loopback with throw-away keys, for the user who runs the tests. */
export class OpenSsh implements AsyncDisposable {
  readonly directory: string;
  readonly port: number;
  readonly hostKey: KeyPair;
  readonly userKey: KeyPair;
  /** What the server said so far. */
  readonly log: string[] = [];
  readonly #scratch: ScratchDirectory;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #frozen = new Set<number>();
  #server: ChildProcess | undefined;

  /** `settings` are lines of sshd_config beside the rig's own. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<OpenSsh> {
    const server = new OpenSsh(scratchDirectory(), await freePort(), settings);
    await server.#start();
    return server;
  }

  private constructor(scratch: ScratchDirectory, port: number, settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
    this.#scratch = scratch;
    this.directory = scratch.path;
    this.port = port;
    this.hostKey = this.newKey("host_key");
    this.userKey = this.newKey("user_key");
  }

  get address() {
    return { host: "127.0.0.1", port: this.port };
  }

  get name(): string {
    return `[127.0.0.1]:${this.port}`;
  }

  newKey(name: string, options: { readonly type?: string; readonly passphrase?: string } = {}): KeyPair {
    const path = join(this.directory, name);
    const { type = "ed25519", passphrase = "" } = options;
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", path], { stdio: "ignore" });
    const [kind, encoded] = readFileSync(`${path}.pub`, "utf8").split(" ");
    return { path: path as FilePath, publicKey: `${kind} ${encoded?.trim()}` };
  }

  /** A known_hosts file with these lines; without any: the one that knows this server. */
  knownHosts(name = "known_hosts", ...lines: readonly string[]): FilePath {
    const path = join(this.directory, name);
    const text = lines.length > 0 ? lines : [`${this.name} ${this.hostKey.publicKey}`];
    writeFileSync(path, `${text.join("\n")}\n`);
    return path as FilePath;
  }

  letIn({ publicKey }: KeyPair): void {
    writeFileSync(join(this.directory, "authorized_keys"), `${publicKey}\n`, { flag: "a" });
  }

  target(login: SshLogin = { by: "key", path: this.userKey.path }): SshTarget {
    return { address: this.address, user: userInfo().username, login };
  }

  /** What umbra sees as a host, with the right key on both sides unless said otherwise. */
  host(
    change: {
      readonly target?: Partial<SshTarget>;
      readonly settings?: Partial<SshSettings>;
      readonly parts?: SshHostParts;
    } = {},
  ) {
    const settings = { knownHosts: [this.knownHosts()], connectMs: 10_000, keepaliveMs: 10_000 };
    return createSshHost(
      { ...this.target(), ...change.target },
      { ...settings, ...change.settings },
      change.parts,
    );
  }

  /** The server's process that serves the connection of this host. */
  async servingProcess(host: Host): Promise<number> {
    const options = { deadlineMs: 10_000, maxOutputBytes: 100 };
    return Number((await host.run(["sh", "-c", "echo $PPID"], options)).stdout.toString());
  }

  /** Ends when the server ends. */
  freeze(pid: number): void {
    process.kill(pid, "SIGSTOP");
    this.#frozen.add(pid);
  }

  /** Server and all connections are gone at once, as when the host loses its power; `comeBack` starts it again. */
  async crash(): Promise<void> {
    const server = this.#server;
    if (server?.pid === undefined || server.exitCode !== null) return;
    const sessions = await childrenOf(server.pid);
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    for (const pid of sessions) process.kill(pid, "SIGKILL");
    await ended;
  }

  /** Under the same address, with the same keys. */
  async comeBack(): Promise<void> {
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#frozen) process.kill(pid, "SIGKILL");
    const server = this.#server;
    if (server?.exitCode === null && server.kill("SIGTERM")) await once(server, "exit");
    this.#scratch[Symbol.dispose]();
  }

  async #start(): Promise<void> {
    // Its own directory for the separation of privileges; only root can make it, and only root needs it.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
    this.letIn(this.userKey);
    const config = join(this.directory, "sshd_config");
    writeFileSync(config, this.#config());
    const server = spawn(SSHD, ["-D", "-e", "-f", config], { stdio: ["ignore", "ignore", "pipe"] });
    this.#server = server;
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    createInterface({ input: server.stderr }).on("line", (line) => {
      this.log.push(line);
      if (line.startsWith("Server listening")) resolve();
    });
    server.on("exit", () => reject(new Error(`sshd ended: ${this.log.join("\n")}`)));
    await listening;
  }

  #config(): string {
    const settings = {
      Port: this.port,
      ListenAddress: "127.0.0.1",
      HostKey: this.hostKey.path,
      AuthorizedKeysFile: join(this.directory, "authorized_keys"),
      PidFile: "none",
      // The directory lies below one that everybody may write.
      StrictModes: "no",
      UsePAM: "no",
      PasswordAuthentication: "no",
      KbdInteractiveAuthentication: "no",
      PermitRootLogin: "prohibit-password",
      AllowTcpForwarding: "yes",
      LogLevel: "VERBOSE",
      // Else the shell reads what the user of this machine has in its start files.
      SetEnv: `HOME=${this.directory}`,
      ...this.#settings,
    };
    return Object.entries(settings)
      .map(([key, value]) => `${key} ${value}\n`)
      .join("");
  }
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
