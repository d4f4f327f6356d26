/**
 * The parser's own messages quote the file, and what they quote may be a password: these do not.
 * Keys are the error codes of the yaml package.
 */
const TEXTS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: "an alias can have no anchor or tag of its own",
  BAD_ALIAS: "an alias needs a name that an anchor before it has given",
  BAD_DIRECTIVE: "unknown YAML directive",
  BAD_DQ_ESCAPE: "unknown escape in a double-quoted text",
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_SCALAR_START: "a text that begins with this character must be quoted",
  BLOCK_AS_IMPLICIT_KEY: "a map inside a map must begin on a line of its own",
  BLOCK_IN_FLOW: "a block is not allowed between brackets",
  DUPLICATE_KEY: "this key is already set in the same map",
  MISSING_CHAR: "a colon, a quote, a comma or a bracket is missing here",
  MULTILINE_IMPLICIT_KEY: "a key must be on one line",
  MULTIPLE_DOCS: "one file holds one document: remove ---",
  TAB_AS_INDENT: "indent with spaces, not with tabs",
  TAG_RESOLVE_FAILED: "unknown tag, or a value that does not fit its tag",
  UNEXPECTED_TOKEN: "this is not expected here; is a quote or a bracket missing?",
};

export function yamlErrorText(code: string): string {
  return TEXTS[code] ?? `the YAML is not well formed (${code.toLowerCase().replaceAll("_", " ")})`;
}
