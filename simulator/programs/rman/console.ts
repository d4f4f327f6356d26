import { formatMoment } from "../../sql/runtime/date-format.ts";
import { localMoment } from "../../sql/runtime/moment.ts";

const DEFAULT_DATE = "DD-MON-RR";

/** Where the client writes: numbers before its messages with `msgno`, dates as NLS_DATE_FORMAT wants them. */
export class Console {
  readonly #write: (text: string) => void;
  readonly #numbered: boolean;
  readonly #dateFormat: string;
  readonly #now: () => Date;

  constructor(parts: {
    readonly write: (text: string) => void;
    readonly numbered: boolean;
    readonly dateFormat: string | undefined;
    readonly now: () => Date;
  }) {
    this.#write = parts.write;
    this.#numbered = parts.numbered;
    this.#dateFormat = parts.dateFormat ?? DEFAULT_DATE;
    this.#now = parts.now;
  }

  /** A line of the message file; `number` undefined where it is not known. */
  say(number: number | undefined, text: string): void {
    const prefix = this.#numbered && number !== undefined ? `RMAN-${String(number).padStart(5, "0")}: ` : "";
    this.#write(`${prefix}${text}\n`);
  }

  /** Warnings always have their number. */
  warn(number: number, text: string): void {
    this.#write(`RMAN-${String(number).padStart(5, "0")}: WARNING: ${text}\n`);
  }

  print(text: string): void {
    this.#write(text);
  }

  date(at: Date = this.#now()): string {
    return formatMoment(localMoment(at, 0), this.#dateFormat, 0);
  }

  /** Error frames do not follow NLS_DATE_FORMAT. */
  frameDate(): string {
    return formatMoment(localMoment(this.#now(), 0), "MM/DD/YYYY HH24:MI:SS", 0);
  }

  now(): Date {
    return this.#now();
  }
}

/** 00:00:01; a real one never prints less. */
export function elapsed(from: Date, to: Date): string {
  const seconds = Math.max(1, Math.round((to.getTime() - from.getTime()) / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** datafile 7 as 00007. */
export const fileNumber = (file: number): string => String(file).padStart(5, "0");
