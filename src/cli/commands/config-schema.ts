import { fleetJsonSchema } from "../../config/json-schema.ts";
import { type Declare, group } from "../command.ts";

export const configSchema: Declare = (program, perform) => {
  group(program, "config", "check and describe the configuration")
    .command("schema")
    .description("print the JSON schema of the configuration, for editors")
    .action(
      perform(async () => {
        const text = fleetJsonSchema().trimEnd();
        return { ok: true, kind: "config-schema", data: { jsonSchema: JSON.parse(text) as object }, text };
      }),
    );
};
