/** Where Node keeps what it has compiled changes nothing but the time of a start: see `test/setup.ts`. */
const { PATH = "", NODE_COMPILE_CACHE } = process.env;
export const compiled: Readonly<Record<string, string>> =
  NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };

/** What umbra gets of the test's environment when a test runs it as a user does: nothing that could matter. */
export function programEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH, NO_COLOR: "1", ...compiled, ...own };
}
