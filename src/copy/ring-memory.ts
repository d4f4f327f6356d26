import { hasHugePages } from "./huge-pages.ts";

/** Memory of chunks that the threads of a copy share. */
export interface Chunks {
  readonly memory: SharedArrayBuffer;
  /** Where the first chunk begins: on a page, which direct I/O asks for. */
  readonly base: number;
}

/** Memory for chunks that begin on a page, in huge pages where the process has them. */
export function chunkMemory(bytes: number): Chunks {
  return hasHugePages() ? hugePages(bytes) : smallPages(bytes);
}

const PAGE = 4096;
const HUGE_PAGE = 2 * 1_048_576;
/** The C library maps memory larger than this by itself, never from its heap (M_MMAP_THRESHOLD's maximum is 32 MiB). */
const MAPPED_FROM = 33 * 1_048_576;
/** Bytes of the C library's own before mapped memory. Were it otherwise, direct I/O would be refused and not be used. */
const MALLOC_HEAD = 16;

/** Huge pages are whole ones inside a mapping, so there is room on both sides. What is not touched costs nothing. */
function hugePages(bytes: number): Chunks {
  const memory = new SharedArrayBuffer(Math.max(MAPPED_FROM, bytes + 2 * HUGE_PAGE));
  return { memory, base: HUGE_PAGE + PAGE - MALLOC_HEAD };
}

const WASM_PAGE = 65_536;

/** The part of WebAssembly that is wanted; the types of Node do not name it. */
interface SharedPages {
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => {
    readonly buffer: SharedArrayBuffer;
  };
}

/** Only WebAssembly promises memory that begins on a page. */
function smallPages(bytes: number): Chunks {
  const pages = Math.ceil(bytes / WASM_PAGE);
  const { Memory } = (globalThis as unknown as { readonly WebAssembly: SharedPages }).WebAssembly;
  return { memory: new Memory({ initial: pages, maximum: pages, shared: true }).buffer, base: 0 };
}
