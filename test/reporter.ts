import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Ends a run with plain lines that any machine can read: what no test caught, what was skipped, and the counts. */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        counts[test.result().state] += 1;
        const result = test.result();
        if (result.state === "skipped" && result.note) {
          process.stdout.write(`skipped: ${test.fullName}: ${result.note}\n`);
        }
      }
    }
    for (const { name, message, stack } of errors) {
      process.stdout.write(`unhandled: ${stack || `${name}: ${message}`}\n`);
    }
    process.stdout.write(
      `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped\n`,
    );
  }
}
