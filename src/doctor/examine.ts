import type { DatabaseConfig, Fleet } from "../domain/fleet.ts";
import { HERE } from "../domain/fleet.ts";
import { formatDuration } from "../domain/human.ts";
import { isUmbraError } from "../errors/umbra-error.ts";
import type { DoctorAround, DoctorCheck, DoctorChecks, UsedStorage } from "./check.ts";
import type { DoctorLine, Found } from "./line.ts";
import { problem } from "./line.ts";

export interface Examination {
  readonly databases: readonly DatabaseConfig[];
  /** Those that the databases use, unless the whole installation is asked for. */
  readonly hosts: "used" | "all";
  readonly checks: DoctorChecks;
  /** Of each check. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Performs all checks at the same time, each with its deadline, and gives their lines in the order of the list. */
export async function examine(around: DoctorAround, exam: Examination): Promise<readonly DoctorLine[]> {
  const { fleet } = around;
  const { checks, databases } = exam;
  const used = usedHosts(fleet, databases);
  const hosts = [...fleet.hosts.values()].filter(({ name }) => exam.hosts === "all" || used.has(name));
  const lines = [
    ...group(around, exam, checks.installation, [{ about: "umbra", subject: fleet }]),
    ...group(
      around,
      exam,
      checks.host,
      hosts.map((subject) => ({ about: `host ${subject.name}`, subject })),
    ),
    ...group(
      around,
      exam,
      checks.database,
      databases.map((subject) => ({ about: `database ${subject.name}`, subject })),
    ),
    ...group(around, exam, checks.storage, usedStorages(fleet, databases)),
  ];
  return (await Promise.all(lines)).filter((line) => line !== undefined);
}

/** With those on the way to them. */
function usedHosts(fleet: Fleet, databases: readonly DatabaseConfig[]): ReadonlySet<string> {
  const used = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name === undefined || name === HERE || used.has(name)) return;
    used.add(name);
    add(fleet.hosts.get(name)?.via);
  };
  for (const { host, storage } of databases) {
    add(host);
    add(fleet.storages.get(storage)?.host);
  }
  return used;
}

/** Each storage once for each machine that writes on it. */
function usedStorages(
  fleet: Fleet,
  databases: readonly DatabaseConfig[],
): readonly { readonly about: string; readonly subject: UsedStorage }[] {
  const used = new Map<string, UsedStorage>();
  for (const database of databases) {
    const storage = fleet.storages.get(database.storage);
    const where = database.host === undefined ? "" : ` on ${database.host}`;
    if (storage !== undefined) used.set(`storage ${storage.name}${where}`, { storage, database });
  }
  return [...used].map(([about, subject]) => ({ about, subject }));
}

function group<Subject>(
  around: DoctorAround,
  exam: Examination,
  checks: readonly DoctorCheck<Subject>[],
  subjects: readonly { readonly about: string; readonly subject: Subject }[],
): readonly Promise<DoctorLine | undefined>[] {
  return subjects.flatMap(({ about, subject }) =>
    checks.map(async (check) => {
      const found = await performed(around, exam, check, subject);
      return found && { about, what: check.what, ...found };
    }),
  );
}

async function performed<Subject>(
  around: DoctorAround,
  { deadlineMs, signal }: Examination,
  check: DoctorCheck<Subject>,
  subject: Subject,
): Promise<Found | undefined> {
  signal.throwIfAborted();
  const late = Promise.withResolvers<Found>();
  const timer = setTimeout(() => late.resolve(noAnswer(deadlineMs)), deadlineMs);
  const stopped = () => late.reject(signal.reason);
  signal.addEventListener("abort", stopped, { once: true });
  try {
    const look = check.look(around, subject, { deadlineMs, signal }).catch(failed);
    return await Promise.race([look, late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stopped);
  }
}

function noAnswer(deadlineMs: number): Found {
  return problem(
    `no answer within ${formatDuration(deadlineMs)}`,
    "something behind it hangs: a mount, a host or the network",
  );
}

/** A check that could not be made says why, and what the error advises. */
function failed(error: unknown): Found {
  if (isUmbraError(error)) return problem(`${error.code}: ${error.message}`, error.hint);
  throw error;
}
