import type { Reporter } from "../../ports/reporter.ts";

/** For `--output json`, where nothing but the final object is printed. */
export const silentReporter: Reporter = { event() {} };
