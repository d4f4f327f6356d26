import type { FilePath } from "../../domain/names.ts";
import { type AskedInstance, askInstance } from "./ask-instance.ts";
import { askHome, type HomeAnswer } from "./ask-home.ts";
import { candidatesOf } from "./candidates.ts";
import type { Candidate, FoundDatabase, HostReport } from "./found.ts";
import { gapsOf, type GapSurroundings } from "./gaps.ts";
import { askAccount, hear, type Places } from "./hear.ts";
import { HostLook, type LookedAt } from "./host-look.ts";
import type { InstanceAnswer } from "./instance-answer.ts";

export interface HostQuestion {
  /** As umbra calls it in its report. */
  readonly name: string;
  readonly host: LookedAt;
  readonly places: Places;
  /** How umbra is started there; undefined on this host, where it runs already. */
  readonly umbra: readonly string[] | undefined;
  /** Of each single program. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * The databases of a host, and what is missing to back each one up. Changes nothing there. What the account may not see is
 * a problem in the report.
 * Errors: UMB-7211 to UMB-7218, where the host cannot be reached at all.
 */
export async function discoverHost(question: HostQuestion): Promise<HostReport> {
  const { name, umbra, deadlineMs, signal } = question;
  const look = new HostLook(question.host, { deadlineMs, signal });
  const account = await askAccount(look);
  const heard = await hear(look, question.places);
  const candidates = candidatesOf(heard);
  const homes = await askHomes(look, candidates);
  const version = umbra === undefined ? undefined : await askUmbra(look, umbra);
  const withoutUmbra = umbra !== undefined && version === undefined;
  const databases: FoundDatabase[] = [];
  for (const candidate of candidates) {
    const home = homes.get(candidate.home?.value ?? ("" as FilePath));
    const asked = await askIfAny(look, candidate, home);
    const groups = home?.groups ?? { dba: undefined, backup: undefined };
    databases.push(
      foundDatabase(
        candidate,
        { home, asked },
        { account, groups, withoutUmbra, codes: asked?.answer.codes ?? [] },
      ),
    );
  }
  return {
    host: name,
    account,
    ...(heard.gridHome === undefined ? {} : { gridHome: heard.gridHome }),
    ...(version === undefined ? {} : { umbra: version }),
    databases,
    problems: look.problems,
  };
}

async function askHomes(
  look: HostLook,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<FilePath, HomeAnswer>> {
  const homes = new Map<FilePath, HomeAnswer>();
  for (const { home } of candidates)
    if (home !== undefined && !homes.has(home.value)) homes.set(home.value, await askHome(look, home.value));
  return homes;
}

async function askUmbra(look: HostLook, umbra: readonly string[]): Promise<string | undefined> {
  const printed = await look.run([...umbra, "--version"]);
  const [first = ""] = printed?.text.split("\n") ?? [];
  return printed?.status === 0 && /^\d+\.\d+/u.test(first) ? first : undefined;
}

async function askIfAny(
  look: HostLook,
  { kind, home, sid }: Candidate,
  answer: HomeAnswer | undefined,
): Promise<AskedInstance | undefined> {
  if (kind !== "database" || home === undefined || sid === undefined || answer?.dead !== undefined)
    return undefined;
  return await askInstance(look, { home: home.value, sid: sid.value });
}

function foundDatabase(
  candidate: Candidate,
  { home, asked }: { readonly home: HomeAnswer | undefined; readonly asked: AskedInstance | undefined },
  around: GapSurroundings,
): FoundDatabase {
  // What runs is not dead, whatever has become of its home.
  const dead = candidate.runs ? undefined : home?.dead;
  const found = {
    ...candidate,
    ...(dead === undefined ? {} : { dead }),
    ...(home?.version === undefined ? {} : { version: home.version }),
    ...(asked?.privilege === undefined ? {} : { privilege: asked.privilege }),
    ...stateOf(candidate, asked?.answer),
    ...told(asked?.answer),
  };
  return { ...found, gaps: gapsOf(found, around) };
}

function stateOf(candidate: Candidate, answer: InstanceAnswer | undefined): Pick<FoundDatabase, "state"> {
  if (answer?.state !== undefined) return { state: { value: answer.state, from: FROM } };
  // With a process nobody could say how far it is; what only a listener names may run on another host.
  const elsewhere =
    candidate.sid === undefined || candidate.seenIn.every((from) => from.startsWith("listener "));
  return candidate.runs || elsewhere ? {} : { state: { value: "down", from: "no process of it is seen" } };
}

const FROM = "the instance";

/** The instance knows better than whatever was registered somewhere. */
function told(answer: InstanceAnswer | undefined): Partial<FoundDatabase> {
  if (answer === undefined) return {};
  const { instance, edition, database, cdb, files, clustered } = answer;
  const known = (key: keyof FoundDatabase, value: unknown) =>
    value === undefined ? {} : { [key]: { value, from: FROM } };
  return {
    ...known("version", instance?.version),
    ...known("edition", edition),
    ...known("dbid", database?.dbid),
    ...known("databaseName", database?.name),
    ...known("uniqueName", database?.uniqueName),
    ...known("role", database?.role),
    ...known("openMode", database?.openMode),
    ...known("logMode", database?.logMode),
    ...known("cdb", cdb),
    ...known("clustered", clustered),
    ...known("files", files),
  };
}
