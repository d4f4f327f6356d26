import type { z } from "zod";

import type { SecretReference } from "../domain/fleet.ts";
import type { FilePath } from "../domain/names.ts";
import type { passwordReference } from "./secret-schema.ts";

export function secretReference(written: z.output<typeof passwordReference>): SecretReference {
  if (written.credential !== undefined) return { from: "credential", name: written.credential };
  if (written.file !== undefined) return { from: "file", path: written.file as FilePath };
  if (written.env !== undefined) return { from: "env", variable: written.env };
  return { from: "exec", argv: written.exec ?? [] };
}
