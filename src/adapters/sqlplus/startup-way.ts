import type { InstanceFailure } from "../../errors/entries/database.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { InstanceStatus, StartupRequest } from "../../ports/instance.ts";

const ORDER = ["down", "nomount", "mount", "open"] as const;

/** What a startup has to do from here. */
export type StartupWay = "nothing" | "start" | "go-on";

/** UMB-5305 where only a SHUTDOWN leads to the wanted state. */
export function startupWay(
  program: InstanceFailure["program"],
  request: StartupRequest,
  status: InstanceStatus,
): StartupWay {
  const states = status.instances.map((instance) => instance.state);
  const agrees =
    status.restricted === (request.restricted ?? false) &&
    (request.to !== "open" || status.state !== "open" || status.readOnly === (request.readOnly ?? false));
  if (status.state === "down") return "start";
  if (status.state === request.to && agrees) return states.includes("down") ? "start" : "nothing";
  const here = ORDER.findIndex((state) => state === status.state);
  if (status.state !== "stopping" && agrees && here < ORDER.indexOf(request.to)) return "go-on";
  throw wrongState({ program, action: startupWords(request) }, status);
}

/** UMB-5305: what was found instead. */
export function wrongState(
  errand: Pick<InstanceFailure, "program" | "action">,
  status: InstanceStatus,
): UmbraError {
  const { program, action } = errand;
  const found = foundWords(status);
  return new UmbraError("UMB-5305", { program, action, ora: null, message: "", lost: false, found });
}

/** `startup open restrict`, for people. */
export function startupWords(request: StartupRequest): string {
  const words = ["startup", request.to];
  if (request.readOnly === true) words.push("read only");
  if (request.restricted === true) words.push("restrict");
  return words.join(" ");
}

function foundWords({ state, restricted, readOnly }: InstanceStatus): string {
  return [state, readOnly ? "read only" : "", restricted ? "restricted" : ""]
    .filter((word) => word)
    .join(" ");
}
