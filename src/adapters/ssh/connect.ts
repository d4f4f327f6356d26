import type { Duplex } from "node:stream";

import ssh2, { type AnyAuthMethod, type Client, type ConnectConfig } from "ssh2";

import { hostAddressText } from "../../domain/host-address.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import { errnoOf } from "../host/path-call.ts";
import { hostKeyProblem, hostKeySettings } from "./host-key-check.ts";
import { readKnownHosts } from "./known-hosts-files.ts";
import { readInTime } from "./read-in-time.ts";
import { ready } from "./ready.ts";
import type { SshSettings, SshTarget } from "./target.ts";

const LOST_KEEPALIVES = 3;

/**
 * Logged in at a host whose key is known; through the jump hosts before it. Destroying it destroys those too.
 * Errors: UMB-7211 to UMB-7218, UMB-7227, and those of the secrets.
 */
export async function connect(target: SshTarget, settings: SshSettings): Promise<Client> {
  const { address, user } = target;
  const known = await readKnownHosts(settings.knownHosts, settings.connectMs);
  let refused: UmbraError | undefined;
  const accept = (key: Buffer) => (refused = hostKeyProblem(address, key, known)) === undefined;
  const config: ConnectConfig = {
    ...hostKeySettings(address, known, accept),
    username: user,
    // Only what is configured is tried: servers close a connection after a few methods that fail.
    authHandler: [await authMethod(target, settings)],
    keepaliveInterval: settings.keepaliveMs,
    keepaliveCountMax: LOST_KEEPALIVES,
  };
  const way = target.via && (await connect(target.via, settings));
  try {
    const stream = way && (await through(way, target, settings.connectMs));
    const client = await ready(address, { ...config, ...(stream && { sock: stream }) }, settings.connectMs);
    if (way) client.once("close", () => way.destroy());
    return client;
  } catch (error) {
    way?.destroy();
    throw refused ?? loginError(target, error);
  }
}

async function authMethod(
  { address, user: username, login }: SshTarget,
  { connectMs }: SshSettings,
): Promise<AnyAuthMethod> {
  switch (login.by) {
    case "password":
      return { type: "password", username, password: await login.password() };
    case "agent":
      return { type: "agent", username, agent: login.socket };
    case "key": {
      const host = hostAddressText(address);
      const passphrase = await login.passphrase?.();
      const key = await readInTime(login.path, connectMs).catch((error: Error) => {
        const problem = `${login.path}: ${errnoOf(error) ?? error.message}`;
        throw new UmbraError("UMB-7217", { host, problem }, { cause: error });
      });
      const parsed = ssh2.utils.parseKey(key, passphrase);
      // Its text may tell of the key's content; the kind of the failure is enough.
      if (parsed instanceof Error || !parsed.isPrivateKey()) {
        const problem = `${login.path} is no private key, or its passphrase is wrong`;
        throw new UmbraError("UMB-7217", { host, problem });
      }
      return { type: "publickey", username, key, ...(passphrase !== undefined && { passphrase }) };
    }
  }
}

function through(way: Client, { address }: SshTarget, connectMs: number): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const refuse = (problem: string) =>
    reject(new UmbraError("UMB-7211", { host: hostAddressText(address), problem: `jump host: ${problem}` }));
  const timer = setTimeout(() => refuse(`no answer within ${connectMs} ms`), connectMs);
  const lost = () => refuse("connection lost");
  way.once("close", lost);
  way.forwardOut("127.0.0.1", 0, address.host, address.port, (error, stream) => {
    way.removeListener("close", lost);
    clearTimeout(timer);
    if (error) refuse(error.message);
    else resolve(stream);
  });
  return promise;
}

/** A login that was refused is told as such; what else went wrong is on the way. */
function loginError({ address, user, login }: SshTarget, error: unknown): unknown {
  const { level } = ((error as Error).cause ?? {}) as { readonly level?: string };
  const host = hostAddressText(address);
  if (level === "agent" && login.by === "agent") {
    const cause = (error as Error).cause as Error;
    return new UmbraError("UMB-7227", { host, socket: login.socket, problem: cause.message }, { cause });
  }
  if (level !== "client-authentication") return error;
  return new UmbraError("UMB-7212", { host, user, login: `the ${login.by}` });
}
