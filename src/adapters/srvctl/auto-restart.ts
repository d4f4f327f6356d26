import type { AutoRestart, InstanceCall } from "../../ports/instance.ts";
import { type Errand, instanceError, refusal } from "../sqlplus/instance-error.ts";
import { type Printed, runProgram } from "../sqlplus/run-program.ts";
import type { SrvctlParts } from "./srvctl-control.ts";

const LOOK: Errand = { program: "srvctl", action: "a look at the configuration", changes: false };
/** PRCC-1010, PRCR-1002: enabled already. PRCC-1012, PRCR-1003: disabled already. */
const ALREADY = /^(?:PRCC-1010|PRCR-1002|PRCC-1012|PRCR-1003)\b/mu;

/** `srvctl enable` and `disable database`: whether clusterware starts what it finds down. Disabled, srvctl starts nothing either. */
export function srvctlAutoRestart(parts: SrvctlParts): AutoRestart {
  return {
    async read(call) {
      const printed = await perform(parts, LOOK, ["config", "database", "-d", parts.database, "-a"], call);
      const word = /^Database is (enabled|disabled)\s*$/mu.exec(printed.text)?.[1];
      if (printed.status === 0 && word !== undefined) return word === "enabled";
      throw failure(LOOK, printed);
    },
    async set(on, call) {
      const verb = on ? "enable" : "disable";
      const errand: Errand = { program: "srvctl", action: `${verb} database`, changes: true };
      const printed = await perform(parts, errand, [verb, "database", "-d", parts.database], call);
      if (printed.status === 0) return { changed: true };
      if (ALREADY.test(printed.text)) return { changed: false };
      throw failure(errand, printed);
    },
  };
}

function failure(errand: Errand, { text }: Printed): Error {
  const code = /^(?:PRC[A-Z]|PRK[A-Z]|CRS)-\d+/mu.test(text) ? "UMB-5308" : "UMB-5304";
  return refusal(errand, text) ?? instanceError(code, errand, { text });
}

function perform(
  parts: SrvctlParts,
  errand: Errand,
  words: readonly string[],
  call: InstanceCall,
): Promise<Printed> {
  return runProgram(parts, errand, { arguments: words, environment: {}, input: "" }, call);
}
