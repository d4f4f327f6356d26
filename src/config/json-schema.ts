import { z } from "zod";

import { fileSchema } from "./schema.ts";

/** The configuration as a JSON schema, for editors. Cross-field rules are not in it: `umbra config check` holds them. */
export function fleetJsonSchema(): string {
  const schema = z.toJSONSchema(fileSchema, { io: "input" });
  const titled = { $schema: schema.$schema, title: "umbra configuration", ...schema };
  return `${JSON.stringify(titled, undefined, 2)}\n`;
}
