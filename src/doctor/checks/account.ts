import type { HostConfig } from "../../domain/fleet.ts";
import type { DoctorCheck } from "../check.ts";
import { ok, problem } from "../line.ts";

/** Which account programs run as: what `become` is for. */
export const account: DoctorCheck<HostConfig> = {
  what: "account",
  look: async ({ diagnostics }, { name, become }, call) => {
    if (become === undefined) return undefined;
    const { status, stdout, stderr } = await diagnostics
      .host(name)
      .run(["id", "-un"], { ...call, maxOutputBytes: 10_000 });
    if (status === 0) return ok(`programs run as ${stdout.toString().trim()}`);
    const said = stderr.toString().trim().split("\n")[0] ?? "";
    const todo = `\`${become.join(" ")} id -un\` must work there without a question: see docs/operations.md for sudoers`;
    return problem(`${become.join(" ")} ended with status ${status ?? "of a signal"}: ${said}`, todo);
  },
};
