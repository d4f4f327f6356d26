import type { Socket } from "node:net";
import { setTimeout as after } from "node:timers/promises";

import type { Engine, EngineSession } from "../engine/engine.ts";
import { OraError } from "../engine/ora-error.ts";
import { acceptConnection, refuse } from "./accept.ts";
import { controlBody } from "./connect.ts";
import type { StatementContext } from "./execute-request.ts";
import type { CallFault, Faults } from "./faults.ts";
import { writeDataTypes, writeProtocol } from "./handshake.ts";
import { IncomingRequests } from "./incoming-requests.ts";
import { answerLob } from "./lob-calls.ts";
import type { DataTypesRequest, LoginRequest } from "./login-request.ts";
import { LoginExchange } from "./login.ts";
import type { Verifiers } from "./login.ts";
import { PacketStream } from "./packet-stream.ts";
import { packet } from "./packets.ts";
import type { Piggyback } from "./piggyback.ts";
import { since } from "./profiles.ts";
import type { Profile } from "./profiles.ts";
import type { Call, CallRequest, Request } from "./request.ts";
import { writeOutcome, writeStatus } from "./response.ts";
import type { ResponseContext } from "./response.ts";
import { Statements } from "./statements.ts";
import type { Answered, CallScope } from "./statements.ts";
import { TtcWriter } from "./writer.ts";

export interface SessionOptions {
  readonly engine: Engine;
  readonly profile: Profile;
  readonly sdu: number;
  readonly resendFirst: boolean;
  readonly redirectTo?: { readonly host: string; readonly port: number } | undefined;
  /** How a failing statement is told: after break and reset, as real servers do, or right away. */
  readonly errors: "marker" | "direct";
  readonly compress: boolean;
  readonly faults: Faults;
  readonly verifiers: Verifiers;
}

/** One connection, from CONNECT to its end. */
export class TnsSession {
  readonly number: number;
  readonly #options: SessionOptions;
  readonly #stream: PacketStream;
  #fieldVersion: number;
  #endOfResponse = false;
  #wideScale = false;
  #prefixedText: boolean | undefined;
  #service = "";
  #login: LoginExchange | undefined;
  #session: EngineSession | undefined;
  #statements: Statements | undefined;
  #running: AbortController | undefined;
  #sequence = 0;
  /** Calls since the login. */
  #calls = 0;

  constructor(socket: Socket, number: number, options: SessionOptions) {
    this.number = number;
    this.#options = options;
    this.#fieldVersion = options.profile.fieldVersion;
    this.#stream = new PacketStream(socket, options.sdu);
    this.#stream.onInterrupt = () => this.#running?.abort();
    this.#stream.onClosed = () => this.#running?.abort();
  }

  /** Serves until the connection ends. Never rejects. */
  async serve(): Promise<void> {
    try {
      if (await this.#arrive()) await this.#answerRequests();
    } catch {
      // A malformed request ends this connection and nothing else.
    } finally {
      this.#stream.destroy();
      this.#statements?.close();
      await this.#session?.close().catch(() => {});
    }
  }

  /** Closes the connection at once. */
  drop(): void {
    this.#stream.destroy();
  }

  /** Tells an idle client that the server is going away. */
  announce(code: number): void {
    this.#stream.send(packet.control, controlBody(code));
  }

  async #arrive(): Promise<boolean> {
    const fault = this.#options.faults.onConnect(this.number);
    if (fault?.kind === "hang-up") return false;
    if (fault?.kind === "delay") await after(fault.ms);
    if (fault?.kind === "silent") return this.#fallSilent();
    if (fault?.kind === "refuse") {
      await this.#stream.next();
      refuse(this.#stream, fault.code);
      await this.#untilClosed();
      return false;
    }
    const service = await acceptConnection(this.#stream, this.#options);
    if (service === undefined) await this.#untilClosed();
    this.#service = service ?? "";
    return service !== undefined;
  }

  async #fallSilent(): Promise<false> {
    this.#stream.goSilent();
    await this.#untilClosed();
    return false;
  }

  async #untilClosed(): Promise<void> {
    while ((await this.#stream.next()).kind === "packet");
  }

  async #answerRequests(): Promise<void> {
    const context = (): StatementContext => ({
      fieldVersion: this.#fieldVersion,
      longestString: this.#options.profile.longestString,
      prefixedText: this.#prefixedText,
      cursor: (id) => this.#statements?.cursors.get(id),
    });
    const requests = new IncomingRequests(this.#stream, context, () => this.#cancelled());
    for (;;) {
      const request = await requests.next();
      if (request === undefined || !(await this.#answer(request))) return;
    }
  }

  /** False when the connection is to end. */
  async #answer(request: Request): Promise<boolean> {
    const writer = new TtcWriter();
    switch (request.kind) {
      case "protocol":
        writeProtocol(writer, this.#options.profile);
        this.#stream.sendData(writer.written, false);
        return true;
      case "data-types":
        this.#agree(request);
        writeDataTypes(writer, request.timeZone && this.#options.profile.timeZone);
        this.#stream.sendData(writer.written, false);
        return true;
      case "fast-auth":
        this.#agree(request.dataTypes);
        writeProtocol(writer, this.#options.profile);
        writeDataTypes(writer, request.dataTypes.timeZone && this.#options.profile.timeZone);
        this.#endOfResponse =
          this.#options.profile.endOfResponse && this.#fieldVersion >= since.endOfResponse;
        this.#sequence = request.sequence;
        return this.#answerLogin(request.login, writer);
      case "flush-out-binds":
        return true;
      case "call":
        return this.#answerCall(request, writer);
    }
  }

  #agree(request: DataTypesRequest): void {
    this.#fieldVersion = Math.min(request.fieldVersion, this.#options.profile.fieldVersion);
    this.#wideScale = request.wideScale;
  }

  #context(): ResponseContext {
    return {
      fieldVersion: this.#fieldVersion,
      wideScale: this.#wideScale,
      sequence: this.#sequence,
      callCount: this.#calls,
      inTransaction: this.#session?.inTransaction ?? false,
    };
  }

  #send(writer: TtcWriter): void {
    if (this.#endOfResponse) writer.u8(END_OF_RESPONSE);
    this.#stream.sendData(writer.written, this.#endOfResponse);
  }

  #sendFailure(error: OraError, cursor: number): void {
    const writer = new TtcWriter();
    writeOutcome(writer, this.#context(), {
      code: error.code,
      text: error.message,
      position: error.position,
      cursor,
    });
    this.#send(writer);
  }

  /** `cursor`: of the call that ran. None where the break hit no call, or one that was dropped unread. */
  async #cancelled(cursor = 0): Promise<void> {
    await this.#stream.breakAndReset();
    this.#sendFailure(cancelledByUser(), cursor);
  }

  #answerLogin(request: LoginRequest, writer: TtcWriter): boolean {
    const start = writer.length;
    this.#prefixedText = request.prefixedText;
    this.#login ??= new LoginExchange({
      engine: this.#options.engine,
      verifiers: this.#options.verifiers,
      service: this.#service,
      onKilled: () => this.#stream.destroy(),
    });
    try {
      if (request.phase === 1) this.#login.first(request, writer);
      else if (this.#session !== undefined) this.#login.change(request, writer);
      else this.#openSession(this.#login.second(request, this.#fieldVersion, writer));
      writeOutcome(writer, this.#context(), {});
    } catch (error) {
      const failure = asOraError(error);
      writer.rewind(start);
      writeOutcome(writer, this.#context(), { code: failure.code, text: failure.message });
    }
    this.#send(writer);
    return true;
  }

  #openSession(session: EngineSession): void {
    this.#session = session;
    this.#statements = new Statements(session, {
      longestString: this.#options.profile.longestString,
      compress: this.#options.compress,
    });
  }

  async #answerCall(request: CallRequest, writer: TtcWriter): Promise<boolean> {
    this.#sequence = request.sequence;
    if (request.call.kind === "login") {
      const changes = this.#session !== undefined;
      if (changes) this.#takePiggybacks(request.piggybacks);
      return this.#answerLogin(request.call, writer);
    }
    if (this.#session === undefined || this.#statements === undefined) return false;
    this.#calls += 1;
    this.#takePiggybacks(request.piggybacks);
    this.#statements.current = 0;
    const statement = this.#statementOf(request.call);
    const site = { connection: this.number, call: this.#calls, statement };
    const strike = this.#options.faults.onCall(site);
    const fault = strike?.fault;
    if (fault?.kind === "black-hole") return this.#fallSilent();
    if (fault?.kind === "drop" && fault.at === "before-run") return false;
    return this.#runCall(request.call, writer, fault, () => strike?.confirm());
  }

  async #runCall(
    call: Call,
    writer: TtcWriter,
    fault: CallFault | undefined,
    rowReached: () => void,
  ): Promise<boolean> {
    const running = new AbortController();
    this.#running = running;
    let failure: OraError | undefined;
    let answered: Answered = "whole";
    try {
      await suffer(fault, running.signal);
      const stopAt = fault?.kind === "drop-at-row" ? fault.row : undefined;
      const context = (): ResponseContext => this.#context();
      answered = await this.#perform(call, { writer, signal: running.signal, context, stopAt });
    } catch (error) {
      failure = asOraError(error);
    } finally {
      this.#running = undefined;
    }
    if (this.#stream.closed) return false;
    if (fault?.kind === "drop" && fault.at === "after-run") return false;
    if (this.#stream.interrupted) {
      await this.#cancelled(this.#statements?.current);
      return true;
    }
    if (failure !== undefined) return this.#fail(failure);
    if (answered === "stopped") rowReached();
    return this.#deliver(call, writer, fault, answered);
  }

  async #fail(failure: OraError): Promise<boolean> {
    if (this.#options.errors === "marker") await this.#stream.breakAndReset();
    this.#sendFailure(failure, this.#statements?.current ?? 0);
    return true;
  }

  async #deliver(
    call: Call,
    writer: TtcWriter,
    fault: CallFault | undefined,
    answered: Answered,
  ): Promise<boolean> {
    if (answered === "stopped" || fault?.kind === "drop") {
      this.#stream.sendTornData(writer.written);
      await this.#untilClosed();
      return false;
    }
    this.#send(writer);
    if (fault?.kind === "control") this.announce(fault.code);
    if (call.kind === "logoff") await this.#untilClosed();
    return call.kind !== "logoff";
  }

  async #perform(call: Call, scope: CallScope): Promise<Answered> {
    const { writer } = scope;
    const session = this.#session;
    const statements = this.#statements;
    if (session === undefined || statements === undefined) throw new OraError(1012, "not logged on");
    switch (call.kind) {
      case "execute":
        return statements.execute(call, scope);
      case "reexecute":
        return statements.reexecute(call, scope);
      case "fetch":
        return statements.fetch(call.cursor, call.rows, scope);
      case "lob":
        answerLob(call, statements.lobs, writer);
        break;
      case "commit":
        await session.commit();
        break;
      case "rollback":
        await session.rollback();
        break;
      case "ping":
      case "logoff":
      case "login":
        break;
      case "unsupported":
        throw new OraError(3115, "unsupported network datatype or representation");
    }
    writeStatus(writer, scope.context());
    return "whole";
  }

  #takePiggybacks(piggybacks: readonly Piggyback[]): void {
    for (const piggyback of piggybacks) this.#takePiggyback(piggyback);
  }

  #takePiggyback(piggyback: Piggyback): void {
    const statements = this.#statements;
    switch (piggyback.kind) {
      case "close-cursors":
        for (const id of piggyback.cursors) statements?.cursors.close(id);
        return;
      case "set-schema":
        if (this.#session === undefined || statements === undefined) return;
        this.#session.currentSchema = piggyback.schema;
        statements.schemaToConfirm = piggyback.schema;
        return;
      case "client-info":
        this.#session?.setClientInfo(piggyback.values);
        return;
      case "free-lobs":
        statements?.lobs.free(piggyback.locators);
        return;
      case "cancel-cursors":
      case "app-context":
    }
  }

  /** Text of the statement that the call runs or fetches from. */
  #statementOf(call: Call): string {
    if (call.kind === "execute" && call.sql !== "") return call.sql;
    const named = call.kind === "execute" || call.kind === "reexecute" || call.kind === "fetch";
    return named ? (this.#statements?.cursors.get(call.cursor)?.sql ?? "") : "";
  }
}

const END_OF_RESPONSE = 29;

/** What a fault does before the statement runs. */
async function suffer(fault: CallFault | undefined, signal: AbortSignal): Promise<void> {
  if (fault?.kind === "error") throw new OraError(fault.code, fault.text);
  if (fault?.kind === "kill") throw new OraError(28, "your session has been killed");
  if (fault?.kind !== "delay") return;
  await after(fault.ms, undefined, { signal }).catch(() => {
    throw cancelledByUser();
  });
}

function cancelledByUser(): OraError {
  return new OraError(1013, "user requested cancel of current operation");
}

/** Anything but an ORA- error is a mistake of the engine; it is told as Oracle tells its own. */
function asOraError(error: unknown): OraError {
  if (error instanceof OraError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new OraError(600, `internal error code, arguments: [${text}]`);
}
