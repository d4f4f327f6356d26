import type { UmbraEvent } from "../../domain/events.ts";
import { counted, formatBytes, formatDuration, printable } from "../../domain/human.ts";
import { formatUtc } from "../../domain/instant.ts";
import type { Warning } from "../../domain/refusal.ts";
import type { Reporter } from "../../ports/reporter.ts";
import type { Paint } from "./paint.ts";
import { Progress } from "./progress.ts";

export interface TerminalOptions {
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** A live progress line is drawn where this gives the terminal's width. */
  readonly columns: () => number | undefined;
}

/** The live line is drawn again at most so often. */
const REDRAW_MS = 100;

/** One line for each step that ended; on a terminal one live line below it. Never throws. */
export function createTerminalReporter(options: TerminalOptions): Reporter {
  const progress = new Progress();
  let live = "";
  let drawnAt = -Infinity;
  let current = "";
  const line = (text: string) => {
    options.write(`${clearing(live)}${text}\n`);
    live = "";
  };
  const redraw = (at: number) => {
    const columns = options.columns();
    if (columns === undefined || at - drawnAt < REDRAW_MS) return;
    drawnAt = at;
    const text = [progress.text(), current].filter((part) => part !== "").join(" · ");
    const next = `  ${text}`.slice(0, Math.max(10, columns - 1));
    options.write(`${clearing(live)}${options.paint("dim", next)}`);
    live = next;
  };
  return {
    event(event) {
      progress.see(event);
      if (event.kind === "step-started") current = printable(event.title);
      const text = lineOf(event, progress, options);
      if (text !== undefined) line(text);
      if (event.kind === "run-finished") return;
      if (event.kind === "step-started" || event.kind === "step-progress" || text !== undefined)
        redraw(event.at);
    },
  };
}

function clearing(live: string): string {
  return live === "" ? "" : "\r\u001b[2K";
}

function lineOf(event: UmbraEvent, progress: Progress, options: TerminalOptions): string | undefined {
  const { paint } = options;
  // On a terminal the reader sees the time; in a log the line must tell it.
  const stamp = options.columns() === undefined ? `${formatUtc(event.at)} ` : "";
  switch (event.kind) {
    case "run-started":
      return `${stamp}${paint("bold", event.run)} ${printable(event.database)}: ${printable(event.plan)}, ${counted(event.steps, "step")}, ${formatBytes(event.bytes)}`;
    case "warning":
      return `${stamp}${paint("yellow", "warning")} ${warningText(event.warning)}`;
    case "step-finished":
      return `${stamp}${paint("green", "ok")} ${printable(event.title)} ${paint("dim", `(${formatDuration(event.ms)})`)}${event.note === undefined ? "" : ` ${printable(event.note)}`}`;
    case "step-failed":
      return `${stamp}${paint("red", "failed")} ${printable(event.title)}: ${event.code} ${printable(event.message)}`;
    case "run-finished":
      return `${stamp}${finishedText(event, progress, paint)}`;
    case "step-started":
    case "step-progress":
      return undefined;
  }
}

function finishedText(
  event: Extract<UmbraEvent, { kind: "run-finished" }>,
  progress: Progress,
  paint: Paint,
): string {
  const outcome = paint(event.outcome === "done" ? "green" : "red", event.outcome);
  const rate = event.ms > 0 ? `, ${formatBytes((progress.bytes / event.ms) * 1000)}/s` : "";
  const copied = progress.bytes === 0 ? "" : `, ${formatBytes(progress.bytes)}${rate}`;
  return `${paint("bold", event.run)} ${outcome} in ${formatDuration(event.ms)}${copied}`;
}

function warningText(warning: Warning): string {
  const rule = warning.rule === undefined ? "" : ` (rule ${warning.rule})`;
  return `${printable(warning.seen)}: ${printable(warning.todo)}${rule}`;
}
