import { type LoadedFleet, loadFleet } from "../../../src/config/load-fleet.ts";

/** Loads a configuration from texts in memory; the first is the one that is named. */
export function loadTexts(files: Readonly<Record<string, string>>): Promise<LoadedFleet> {
  const read = async (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error("absent"), { code: "ENOENT" });
    return text;
  };
  return loadFleet(Object.keys(files)[0] ?? "", read);
}

export async function fleetOf(
  files: Readonly<Record<string, string>>,
): Promise<Extract<LoadedFleet, { ok: true }>> {
  const loaded = await loadTexts(files);
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.text).join("\n"));
  return loaded;
}

export async function problemTexts(text: string): Promise<readonly string[]> {
  const loaded = await loadTexts({ "/f.yaml": text });
  return loaded.ok ? [] : loaded.problems.map((problem) => problem.text);
}
