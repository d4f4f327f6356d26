import { UmbraError } from "../../errors/umbra-error.ts";
import { frameText, parseFrame } from "../../remote/frame-text.ts";
import { type Hello, PROTOCOL } from "../../remote/protocol.ts";
import type { Link } from "./link.ts";
import type { SessionParts } from "./session.ts";

/** Of a line that is no greeting, so much is shown. */
const SHOWN_CHARACTERS = 200;

/** Both sides say who they are. UMB-7221: another protocol. UMB-7222: no umbra there, or none in time. */
export async function greet(link: Link, lines: AsyncGenerator<string>, parts: SessionParts): Promise<void> {
  const { host, program, version, helloMs } = parts;
  const silent = Promise.withResolvers<never>();
  silent.promise.catch(() => {});
  const fail = (said: string) => new UmbraError("UMB-7222", { host, program, said });
  const timer = setTimeout(() => silent.reject(fail(`nothing within ${helloMs} ms`)), helloMs);
  link.input.on("error", () => {});
  link.input.write(frameText({ umbra: version, protocol: PROTOCOL } satisfies Hello));
  try {
    const first = await Promise.race([lines.next(), silent.promise]).catch((error: unknown) => {
      throw error instanceof UmbraError ? error : fail(String(error));
    });
    if (first.done === true) throw fail(link.complaint() || "it ended without a word");
    const hello = helloOf(first.value);
    if (hello === undefined) throw fail(first.value.slice(0, SHOWN_CHARACTERS));
    if (hello.protocol === PROTOCOL) return;
    throw new UmbraError("UMB-7221", {
      host,
      theirs: hello.umbra,
      theirProtocol: hello.protocol,
      ours: version,
      ourProtocol: PROTOCOL,
    });
  } finally {
    clearTimeout(timer);
  }
}

function helloOf(line: string): Hello | undefined {
  try {
    const { umbra, protocol } = parseFrame(line) as Hello;
    return typeof umbra === "string" && typeof protocol === "number" ? { umbra, protocol } : undefined;
  } catch {
    return undefined;
  }
}
