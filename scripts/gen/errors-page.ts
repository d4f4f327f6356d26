import { catalogue } from "../../src/errors/catalogue.ts";
import type { Entry } from "../../src/errors/entry.ts";
import { exitClass } from "../../src/errors/exit-classes.ts";

/** What each exit status means, in the words of a user. */
const MEANINGS: Readonly<Record<keyof typeof exitClass, string>> = {
  done: "what was asked is done",
  bug: "umbra itself is wrong",
  usage: "the command line or the configuration is wrong",
  refused: "refused before anything was changed",
  partial: "some databases of the fleet failed",
  database: "the database did not do what it was asked",
  storage: "the backup storage did not do what it was asked",
  host: "a file or a program of the host did not do what it was asked",
  locked: "another run holds the lock, or an interrupted run must be put right first",
  verification: "what was read is not what it should be",
  production: "the database is at risk: look at it now",
  retention: "backups that should have gone are still there; no backup failed",
  interrupted: "ended by a signal, after backup mode was ended",
};

/** docs/errors.md: the exit classes, then every error with its text and what to do. */
export function errorsPage(): string {
  const entries = Object.entries(catalogue as Readonly<Record<string, Entry<never>>>);
  const classes = Object.entries(exitClass) as [keyof typeof exitClass, number][];
  const parts = classes.map(([name, exit]) => {
    const own = entries
      .filter(([, entry]) => entry.exit === exit)
      .map(([code, entry]) => errorPart(code, entry));
    return [`## Exit ${exit}: ${MEANINGS[name]}`, ...own].join("\n\n");
  });
  const intro =
    "Every error has a code that keeps its meaning for ever, and an exit status by its class. Words in ‹brackets› stand for what was seen.";
  return `<!-- Written by \`npm run gen\`. Do not edit. -->\n\n# Errors and exit statuses\n\n${intro}\n\n${parts.join("\n\n")}\n`;
}

function errorPart(code: string, entry: Entry<never>): string {
  const text = entry.text(placeholder("") as never);
  return `### ${code}\n\n${sentence(text.replaceAll("\n", " "))}\n\nTo do: ${sentence(entry.hint)}`;
}

function sentence(text: string): string {
  const parts = text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? part.replaceAll(/[<>*_\\|#]/g, "\\$&") : part));
  const escaped = parts.join("`");
  return /[.?!:]$/.test(escaped) ? escaped : `${escaped}.`;
}

/** Stands for any value of a context: whatever is asked of it, it becomes the name of the field. */
function placeholder(name: string): unknown {
  const target = () => undefined;
  return new Proxy(target, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === "toString") return () => `‹${name}›`;
      return placeholder(typeof key === "string" && name === "" ? key : name);
    },
    apply: () => placeholder(name),
  });
}
