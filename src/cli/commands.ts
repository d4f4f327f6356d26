import type { Declare } from "./command.ts";
import { check } from "./commands/check.ts";
import { configCheck } from "./commands/config-check.ts";
import { configSchema } from "./commands/config-schema.ts";
import { inventory } from "./commands/inventory.ts";

/** Every command, in the order of `umbra --help`. */
export const commands: readonly Declare[] = [configCheck, configSchema, inventory, check];
