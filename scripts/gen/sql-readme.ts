import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FIELDS = ["purpose", "versions", "binds", "grants"] as const;
type Header = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

/** sql/README.md: what umbra asks a database, for the DBA who grants it. Throws where a file has no whole header. */
export function sqlReadme(directory: string): string {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  const parts = files.map((file) =>
    part(file, readHeader(file, readFileSync(join(directory, file), "utf8"))),
  );
  const intro =
    "Each file is one statement that umbra sends to a database. The user needs SYSBACKUP, or the grants that the statements name. Statements whose text depends on the database (BEGIN and END BACKUP, ALTER SYSTEM, the control file's backup) are printed by `--plan` of the command that sends them.";
  return `${["<!-- Written by `npm run gen` from the headers of the files. Do not edit. -->", "# The SQL of umbra", intro, ...parts].join("\n\n")}\n`;
}

/** Reads the leading lines `-- field: text`; a line `--   text` goes on with the field above. */
export function readHeader(file: string, sql: string): Header {
  const header: Partial<Record<string, string>> = {};
  let field: string | undefined;
  for (const line of sql.split("\n")) {
    if (!line.startsWith("--")) break;
    const match = /^-- (\w+): ?(.*)$/.exec(line);
    if (match !== null) {
      field = match[1] ?? "";
      header[field] = match[2] ?? "";
    } else if (field !== undefined) {
      header[field] = `${header[field] ?? ""} ${line.slice(2).trim()}`;
    }
  }
  const missing = FIELDS.filter((name) => header[name] === undefined);
  if (missing.length > 0) throw new Error(`sql/${file}: its header has no ${missing.join(", ")}`);
  return header;
}

function part(file: string, header: Header): string {
  const lines = FIELDS.filter((name) => name !== "purpose").map(
    (name) => `- ${name}: ${header[name] || "none"}`,
  );
  return `## ${file}\n\n${header.purpose ?? ""}\n\n${lines.join("\n")}`;
}
