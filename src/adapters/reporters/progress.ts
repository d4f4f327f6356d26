import type { UmbraEvent } from "../../domain/events.ts";
import { counted, formatBytes, formatDuration } from "../../domain/human.ts";
import type { StepId } from "../../domain/names.ts";

/** Rate over the last seconds, not since the start: a stall shows, and so does a faster tablespace. */
const WINDOW_MS = 10_000;

/** Sums what the events tell about the bytes of a run. Time comes from the events. */
export class Progress {
  #totalBytes = 0;
  #totalFiles: number | undefined;
  readonly #done = new Map<StepId, number>();
  readonly #finished = new Set<StepId>();
  /** So long the database has been down; undefined while it is up. */
  #downMs: number | undefined;
  #samples: { at: number; bytes: number }[] = [];

  see(event: UmbraEvent): void {
    if (event.kind === "run-started") {
      this.#totalBytes = event.bytes;
      this.#totalFiles = event.files;
      this.#samples = [{ at: event.at, bytes: 0 }];
    } else if (event.kind === "step-progress") {
      this.#done.set(event.step, event.bytes);
      this.#downMs = event.downMs;
      this.#sample(event.at);
    } else if (event.kind === "step-finished" && this.#done.has(event.step)) {
      this.#finished.add(event.step);
    }
  }

  get bytes(): number {
    return this.#done.values().reduce((sum, bytes) => sum + bytes, 0);
  }

  /** `3.1 GiB of 12.3 GiB · 5 of 20 files · 512 MiB/s · 18.0 s left`; empty before the first byte. */
  text(): string {
    const bytes = this.bytes;
    if (bytes === 0) return "";
    // More than was predicted is copied where a file grew.
    const total = Math.max(this.#totalBytes, bytes);
    const parts = [`${formatBytes(bytes)} of ${formatBytes(total)}`, this.#filesText()];
    const rate = this.#bytesPerSecond();
    if (rate > 0) parts.push(`${formatBytes(rate)}/s`);
    if (rate > 0 && total > bytes) parts.push(`${formatDuration(((total - bytes) / rate) * 1000)} left`);
    if (this.#downMs !== undefined) parts.push(`database down for ${formatDuration(this.#downMs)}`);
    return parts.join(" · ");
  }

  #filesText(): string {
    if (this.#totalFiles === undefined) return counted(this.#finished.size, "file");
    return `${this.#finished.size} of ${counted(this.#totalFiles, "file")}`;
  }

  #sample(at: number): void {
    this.#samples.push({ at, bytes: this.bytes });
    const keep = this.#samples.findLastIndex((sample) => sample.at <= at - WINDOW_MS);
    if (keep > 0) this.#samples.splice(0, keep);
  }

  #bytesPerSecond(): number {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return 0;
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000;
  }
}
