import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** What the instance tells its DBA: kept in memory and appended to alert_SID.log, a time line before each message. */
export class AlertLog {
  readonly lines: string[] = [];
  readonly path: string;
  private readonly now: () => Date;

  constructor(path: string, now: () => Date) {
    this.path = path;
    this.now = now;
  }

  note(...messages: readonly string[]): void {
    this.lines.push(...messages);
    const text = [this.now().toISOString().replace("Z", "+00:00"), ...messages].join("\n");
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      appendFileSync(this.path, `${text}\n`);
    } catch {
      // As in the real thing: an alert log that cannot be written stops nobody.
    }
  }
}
