import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OraError } from "../engine/ora-error.ts";
import { decodeSpfile, encodeSpfile } from "../files/spfile.ts";
import { defaultParameters, parameterText, parseParameters } from "./parameters.ts";

/** Parameters of a started instance: what is in force, and the SPFILE they came from. */
export interface ParameterSet {
  readonly values: Map<string, string>;
  readonly spfilePath: string | undefined;
}

/** STARTUP looks for spfileSID.ora, spfile.ora, then initSID.ora in dbs, unless a PFILE is named. */
export function loadParameters(home: string, sid: string, pfile: string | undefined): ParameterSet {
  const dbs = join(home, "dbs");
  const candidates =
    pfile === undefined
      ? [`spfile${sid}.ora`, "spfile.ora", `init${sid}.ora`].map((name) => join(dbs, name))
      : [pfile];
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new OraError(1078, "failure in processing system parameters", {
      below: [`LRM-00109: could not open parameter file '${candidates.at(-1) ?? ""}'`],
    });
  }
  const bytes = readFileSync(path);
  const text = decodeSpfile(bytes);
  const read = parseParameters(text ?? bytes.toString("utf8"), sid);
  const nested = read.get("spfile");
  if (text === undefined && nested !== undefined && existsSync(nested))
    return loadParameters(home, sid, nested);
  return {
    values: new Map([...defaultParameters(home, sid), ...read]),
    spfilePath: text === undefined ? undefined : path,
  };
}

/** Changes one parameter in the SPFILE; an empty value removes it. */
export function storeParameter(path: string, sid: string, name: string, value: string): void {
  const stored = parseParameters(decodeSpfile(readFileSync(path)) ?? "", sid);
  if (value === "") stored.delete(name);
  else stored.set(name, value);
  writeFileSync(path, encodeSpfile(parameterText(stored)));
}

export function writePfile(path: string, spfilePath: string | undefined, sid: string): void {
  if (spfilePath === undefined || !existsSync(spfilePath)) {
    throw new OraError(1565, `error in identifying file '?/dbs/spfile${sid}.ora'`, {
      below: ["ORA-27037: unable to obtain file status"],
    });
  }
  writeText(path, parameterText(parseParameters(decodeSpfile(readFileSync(spfilePath)) ?? "", sid)));
}

/** What is in force now, wherever it came from. */
export function writeMemoryPfile(path: string, values: ReadonlyMap<string, string>): void {
  writeText(path, parameterText(new Map(values)));
}

function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch {
    throw new OraError(9200, "sfccf: error creating file");
  }
}
