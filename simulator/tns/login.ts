import { randomBytes } from "node:crypto";

import type { Engine, EngineSession, Login, SessionPrivilege } from "../engine/engine.ts";
import { OraError } from "../engine/ora-error.ts";
import type { LoginRequest } from "./login-request.ts";
import {
  encrypt,
  hex,
  inventVerifier,
  makeVerifier,
  openPassword,
  serverProof,
  SESSION_KEY_ROUNDS,
  sessionKey,
  VERIFIER_ROUNDS,
} from "./password.ts";
import type { Verifier } from "./password.ts";
import { since } from "./profiles.ts";
import { writeWarning } from "./response.ts";
import type { TtcWriter } from "./writer.ts";

/** The verifiers of a listener's accounts. Deriving one costs milliseconds, so it is kept per password. */
export class Verifiers {
  readonly #byUser = new Map<string, { readonly password: string; readonly verifier: Verifier }>();

  of(user: string, password: string): Verifier {
    const known = this.#byUser.get(user);
    if (known !== undefined && known.password === password) return known.verifier;
    const verifier = makeVerifier(password);
    this.#byUser.set(user, { password, verifier });
    return verifier;
  }
}

export interface LoginContext {
  readonly engine: Engine;
  readonly verifiers: Verifiers;
  readonly service: string;
  readonly onKilled: () => void;
}

const mode = { changePassword: 0x2 };
const privilegeBits: readonly (readonly [number, SessionPrivilege])[] = [
  [0x20, "SYSDBA"],
  [0x100_0000, "SYSBACKUP"],
  [0x40, "SYSOPER"],
  [0x200_0000, "SYSDG"],
  [0x400_0000, "SYSKM"],
  [0x800_0000, "SYSRAC"],
  [0x40_0000, "SYSASM"],
];
const VERIFIER_12C = 0x4815;
const PARAMETERS = 8;
const WARNED_BEFORE_DAYS = 7;

/** The two phases of a login with a password. One object for each connection. */
export class LoginExchange {
  readonly #context: LoginContext;
  #user = "";
  #verifier: Verifier | undefined;
  #serverHalf: Buffer = Buffer.alloc(0);
  #key: Buffer | undefined;
  #client: ReadonlyMap<string, string> = new Map();

  constructor(context: LoginContext) {
    this.#context = context;
  }

  /** Sends what the client needs to prove its password. Throws OraError where no session can come. */
  first(request: LoginRequest, writer: TtcWriter): void {
    const { engine, verifiers } = this.#context;
    refuseByState(engine, privilegeOf(request.mode));
    this.#user = normalName(request.user);
    this.#client = request.values;
    const account = engine.account(this.#user);
    this.#verifier = account === undefined ? inventVerifier() : verifiers.of(account.name, account.password);
    this.#serverHalf = randomBytes(32);
    writePairs(writer, [
      ["AUTH_SESSKEY", hex(encrypt(this.#verifier.key, this.#serverHalf))],
      ["AUTH_VFR_DATA", hex(this.#verifier.salt), VERIFIER_12C],
      ["AUTH_PBKDF2_CSK_SALT", hex(this.#verifier.sessionSalt)],
      ["AUTH_PBKDF2_VGEN_COUNT", String(VERIFIER_ROUNDS)],
      ["AUTH_PBKDF2_SDER_COUNT", String(SESSION_KEY_ROUNDS)],
      ["AUTH_GLOBALLY_UNIQUE_DBID\0", "0123456789ABCDEF0123456789ABCDEF"],
    ]);
  }

  /** Checks the proof and opens the session. Throws OraError: 1017 and what the engine throws. */
  second(request: LoginRequest, fieldVersion: number, writer: TtcWriter): EngineSession {
    const secret = request.values.get("AUTH_SESSKEY");
    if (this.#verifier === undefined || secret === undefined) throw invalidLogin();
    this.#key = sessionKey(this.#verifier, this.#serverHalf, secret);
    const key = this.#provedKey(request);
    this.#takeNewPassword(request, key);
    const login = this.#login(request);
    const session = this.#context.engine.openSession(login);
    writePairs(writer, this.#sessionFacts(session, fieldVersion, key));
    this.#warnOfExpiry(writer);
    return session;
  }

  /** A new password on a session that is logged in. Throws ORA-01017 when the old one is wrong. */
  change(request: LoginRequest, writer: TtcWriter): void {
    if ((request.mode & mode.changePassword) === 0) throw invalidLogin();
    this.#takeNewPassword(request, this.#provedKey(request));
    writePairs(writer, []);
  }

  #provedKey(request: LoginRequest): Buffer {
    const account = this.#context.engine.account(this.#user);
    const key = this.#key;
    if (key === undefined || account === undefined) throw invalidLogin();
    if (openPassword(key, request.values.get("AUTH_PASSWORD")) !== account.password) throw invalidLogin();
    return key;
  }

  #takeNewPassword(request: LoginRequest, key: Buffer): void {
    const secret = request.values.get("AUTH_NEWPASSWORD");
    if (secret === undefined) return;
    const password = openPassword(key, secret);
    if (password === undefined) throw invalidLogin();
    this.#context.engine.changePassword(this.#user, password);
  }

  #login(request: LoginRequest): Login {
    const proxied = request.values.get("PROXY_CLIENT_NAME");
    const value = (name: string): string => this.#client.get(name) ?? request.values.get(name) ?? "";
    return {
      user: proxied === undefined ? this.#user : normalName(proxied),
      privilege: privilegeOf(request.mode),
      service: this.#context.service,
      program: value("AUTH_PROGRAM_NM"),
      machine: value("AUTH_MACHINE"),
      osUser: value("AUTH_SID"),
      terminal: value("AUTH_TERMINAL"),
      onKilled: () => this.#context.onKilled(),
    };
  }

  #warnOfExpiry(writer: TtcWriter): void {
    const days = this.#context.engine.account(this.#user)?.expiresInDays;
    if (days === undefined || days < 1 || days > WARNED_BEFORE_DAYS) return;
    writeWarning(writer, 28_002, `ORA-28002: the password will expire within ${days} days\n`);
  }

  #sessionFacts(session: EngineSession, fieldVersion: number, key: Buffer): readonly Pair[] {
    const { identity, state } = this.#context.engine;
    return [
      ["AUTH_VERSION_STRING", "- Production"],
      ["AUTH_VERSION_NO", String(versionNumber(identity.version, fieldVersion))],
      ["AUTH_SESSION_ID", String(session.sid)],
      ["AUTH_SERIAL_NUM", String(session.serial)],
      ["AUTH_INSTANCE_NO", "1"],
      ["AUTH_SC_SERVER_HOST", identity.host],
      ["AUTH_SC_DBUNIQUE_NAME", identity.dbUniqueName],
      ["AUTH_SC_REAL_DBUNIQUE_NAME", identity.dbUniqueName],
      ["AUTH_SC_INSTANCE_NAME", identity.instanceName],
      ["AUTH_SC_SERVICE_NAME", this.#context.service],
      ["AUTH_SC_DB_DOMAIN", ""],
      ["AUTH_INSTANCENAME", identity.instanceName],
      ["AUTH_DBNAME", session.container === "" ? identity.dbName : session.container],
      ["AUTH_DB_MOUNT_ID\0", state === "NOMOUNT" ? "0" : "1700000000"],
      ["AUTH_MAX_OPEN_CURSORS", "300"],
      ["AUTH_MAX_IDEN_LENGTH", "128"],
      ["AUTH_SVR_RESPONSE", serverProof(key)],
    ];
  }
}

function privilegeOf(modeBits: number): SessionPrivilege {
  return privilegeBits.find(([bit]) => (modeBits & bit) !== 0)?.[1] ?? "NORMAL";
}

/** Names are upper case unless they are quoted. */
function normalName(user: string): string {
  return /^".*"$/.test(user) ? user.slice(1, -1) : user.toUpperCase();
}

function refuseByState(engine: Engine, privilege: SessionPrivilege): void {
  if (engine.state === "IDLE") {
    throw new OraError(1034, "ORACLE not available", {
      below: ["ORA-27101: shared memory realm does not exist"],
    });
  }
  if (engine.state !== "OPEN" && privilege === "NORMAL") {
    throw new OraError(1033, "ORACLE initialization or shutdown in progress");
  }
}

function invalidLogin(): OraError {
  return new OraError(1017, "invalid username/password; logon denied");
}

type Pair = readonly [key: string, value: string, flags?: number];

function writePairs(writer: TtcWriter, pairs: readonly Pair[]): void {
  writer.u8(PARAMETERS).int(pairs.length);
  for (const [key, value, flags] of pairs)
    writer
      .longText(key)
      .longText(value)
      .int(flags ?? 0);
}

/** The version in one number; its layout changed with 18c. */
function versionNumber(
  version: readonly [number, number, number, number, number],
  fieldVersion: number,
): number {
  const [major, release, update, port, portUpdate] = version;
  const top = major * 2 ** 24;
  return fieldVersion >= since.newVersionNumber
    ? top + (release << 16) + (update << 12) + (port << 4) + portUpdate
    : top + (release << 20) + (update << 12) + (port << 8) + portUpdate;
}
