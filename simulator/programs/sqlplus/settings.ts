/** SET variables that change what is printed; the others are taken and ignored. */
export interface Settings {
  heading: boolean;
  /** Least number of rows that is told; 0 is off. */
  feedback: number;
  pagesize: number;
  linesize: number;
  numwidth: number;
  trimout: boolean;
  echo: boolean;
  colsep: string;
  null: string;
}

export const defaultSettings = (): Settings => ({
  heading: true,
  feedback: 6,
  pagesize: 14,
  linesize: 80,
  numwidth: 10,
  trimout: true,
  echo: false,
  colsep: " ",
  null: "",
});

type Setter = (settings: Settings, value: string) => void;

const isOn = (value: string) => value.toLowerCase() !== "off";
const ignored: Setter = () => undefined;

/** Full name, least abbreviation, what it does. */
const variables: readonly (readonly [name: string, least: number, set: Setter])[] = [
  ["heading", 3, (settings, value) => (settings.heading = isOn(value))],
  ["feedback", 4, (settings, value) => (settings.feedback = threshold(value))],
  ["pagesize", 5, (settings, value) => (settings.pagesize = Number(value))],
  ["linesize", 3, (settings, value) => (settings.linesize = Number(value))],
  ["numwidth", 4, (settings, value) => (settings.numwidth = Number(value))],
  ["trimout", 5, (settings, value) => (settings.trimout = isOn(value))],
  ["echo", 4, (settings, value) => (settings.echo = isOn(value))],
  ["colsep", 6, (settings, value) => (settings.colsep = value)],
  ["null", 4, (settings, value) => (settings.null = value)],
  ["define", 3, ignored],
  ["verify", 3, ignored],
  ["trimspool", 5, ignored],
  ["tab", 3, ignored],
  ["termout", 4, ignored],
  ["timing", 4, ignored],
  ["time", 2, ignored],
  ["wrap", 3, ignored],
  ["long", 4, ignored],
  ["newpage", 4, ignored],
  ["serveroutput", 9, ignored],
  ["sqlblanklines", 5, ignored],
  ["sqlprompt", 4, ignored],
  ["underline", 3, ignored],
];

/** SET a x b y …: gives what it complains about. */
export function applySet(settings: Settings, text: string): string | undefined {
  const words = Array.from(text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/gu), (m) => m[1] ?? m[2] ?? m[3] ?? "");
  for (let at = 0; at < words.length; at += 2) {
    const name = (words[at] ?? "").toLowerCase();
    const found = variables.find(([full, least]) => full.startsWith(name) && name.length >= least);
    if (found === undefined) return `SP2-0158: unknown SET option "${words[at] ?? ""}"\n`;
    found[2](settings, words[at + 1] ?? "");
  }
  return undefined;
}

function threshold(value: string): number {
  if (value.toLowerCase() === "on") return 1;
  return value.toLowerCase() === "off" ? 0 : Number(value);
}
