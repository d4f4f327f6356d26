import { z } from "zod";

import { HERE } from "../domain/fleet.ts";
import { parseHostAddress } from "../domain/host-address.ts";
import { passwordReference } from "./secret-schema.ts";
import { absolutePath, name, text, words } from "./value-schemas.ts";

const address = text.transform((value, context) => {
  const parsed = parseHostAddress(value);
  if (parsed === undefined) {
    const message =
      "must be a name or an address, with the port where it is not 22: db1, db1:2222, [fd00::1]:2222";
    context.issues.push({ code: "custom", message, input: value });
  }
  return parsed ?? { host: "", port: 0 };
});

const FORCED = "forced-command";
const LOGINS = ["key", "agent", "password"] as const;

/** One machine behind ssh. */
export const hostSchema = z
  .strictObject({
    address: address.describe("Name or address of the ssh server, with the port where it is not 22."),
    user: text.describe("Account there. It needs a POSIX login shell that prints nothing by itself."),
    key: absolutePath.optional().describe("File of the private key for the login."),
    passphrase: passwordReference.optional().describe("Where the passphrase of the key is."),
    agent: absolutePath.optional().describe("Socket of an ssh agent that holds the key for the login."),
    password: passwordReference.optional(),
    via: name.optional().describe("Another host, from `hosts`, through which this one is reached."),
    become: words.optional().describe("Words before every program there, as [sudo, -n, -u, oracle, --]."),
    umbra: z
      .union([words, z.literal(FORCED)], {
        error: `must be a list: the program and its arguments; or ${FORCED}`,
      })
      .optional()
      .describe(
        "How umbra is started there, as [/usr/bin/umbra]. Copies are then made and checked there. " +
          "forced-command: the account's authorized_keys start `umbra remote` whatever is asked for.",
      ),
  })
  .superRefine((value, context) => {
    if (LOGINS.filter((login) => value[login] !== undefined).length !== 1)
      context.addIssue({ code: "custom", message: "must have exactly one of key, agent and password" });
    if (value.passphrase !== undefined && value.key === undefined)
      context.addIssue({ code: "custom", message: "is for a key only", path: ["passphrase"] });
    if (value.become !== undefined && value.umbra === FORCED) {
      const message = "cannot stand before a forced command: put it into that command";
      context.addIssue({ code: "custom", message, path: ["become"] });
    }
  });

/** `here`, or a host's name. */
export const storageHost = name.describe(
  `Where the directory is mounted too, under the same path: ${HERE} for this machine, or a name from \`hosts\`. ` +
    "Manifests, listings and verification are then read there. Without it: on each database's own host.",
);
