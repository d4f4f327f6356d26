/** Said once for every run: what decides which tests can run here. */
export function setup(): void {
  process.env["NO_COLOR"] ??= "1";
}
