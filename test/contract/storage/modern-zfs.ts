import { cpSync, rmSync } from "node:fs";

import { UmbraError } from "../../../src/errors/umbra-error.ts";
import type { Host, RunResult } from "../../../src/ports/host.ts";

interface Dataset {
  readonly mountPoint: string;
  readonly createtxg: number;
  readonly properties: Map<string, string>;
  readonly holds: Set<string>;
  readonly origin?: string;
}

const READING: ReadonlySet<string> = new Set(["version", "list", "get", "holds"]);

/** What a `zfs` says and how it ends. */
class Refused extends Error {
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

/**
 * The `zfs` program of OpenZFS 2.x over directories, as far as the adapter uses it: several snapshots in one call,
 * `.zfs/snapshot`, names of holds. Options, texts and statuses are those of its manual pages and sources. Beside it, `df`,
 * `stat` and the list of mounts tell the directories as datasets; every other program is a real one.
 */
export class ModernZfs {
  readonly host: Host;
  readonly datasets = new Map<string, Dataset>();
  /** Answers to give before any other: a program, its words, and what it says. */
  readonly interruptions: { readonly verb: string; readonly status: number; readonly said: string }[] = [];
  /** Verbs whose next call is given up by its caller, and made all the same: when something else is changed. */
  readonly late: string[] = [];
  readonly #givenUp: (() => void)[] = [];
  #transaction = 100;

  constructor(real: Host) {
    this.host = {
      ...real,
      run: async (argv, options) => {
        options.signal?.throwIfAborted();
        return this.#run(argv) ?? (await real.run(argv, options));
      },
    };
  }

  /** A file system whose files are in a directory that is there. */
  filesystem(name: string, mountPoint: string, origin?: string): void {
    const properties = new Map<string, string>();
    this.datasets.set(name, {
      mountPoint,
      createtxg: ++this.#transaction,
      properties,
      holds: new Set(),
      ...(origin === undefined ? {} : { origin }),
    });
  }

  #run(argv: readonly string[]): RunResult | undefined {
    const words = argv[0] === "env" ? argv.slice(1).filter((word) => !/^(LC_ALL|TZ)=/.test(word)) : argv;
    try {
      const answer = this.#program(words);
      return answer === undefined ? undefined : ended(0, answer, "");
    } catch (error) {
      if (error instanceof Refused) return ended(error.status, "", error.message);
      throw error;
    }
  }

  #program([program, ...args]: readonly string[]): string | undefined {
    const last = args.at(-1) ?? "";
    if (program === "cat" && last === "/proc/self/mounts") {
      return [...this.datasets]
        .map(([name, { mountPoint }]) => `${name} ${mountPoint} zfs rw 0 0\n`)
        .join("");
    }
    const mounted = [...this.datasets].find(
      ([, { mountPoint }]) => last === mountPoint || last.startsWith(`${mountPoint}/`),
    );
    if (program === "df" && mounted !== undefined) return `Filesystem\n${mounted[0]}\n`;
    if (program === "stat" && mounted !== undefined && args.includes(String.raw`%m\0%i\0%d\0`)) {
      return args
        .slice(args.indexOf("--") + 1)
        .map(() => `${mounted[1].mountPoint}\0inode\0device\0`)
        .join("");
    }
    if (program === "sh") return this.#shell(args[1] ?? "");
    return program === "zfs" ? this.#zfs(args) : undefined;
  }

  #shell(script: string): string | undefined {
    // This machine's programs know nothing of its streams.
    if (script.includes("zstream")) throw new Refused(1, "");
    return script.startsWith("zfs ") ? this.#zfs(typed(script).slice(1)) : undefined;
  }

  readonly #verbs: Readonly<Record<string, (args: readonly string[]) => string>> = {
    version: () => "zfs-2.1.11-1\nzfs-kmod-2.1.11-1\n",
    list: (args) => (args.includes("-r") ? this.#origins() : "tank\n"),
    snapshot: (args) => this.#snapshot(args),
    get: (args) => this.#get(args),
    set: (args) => this.#set(args),
    inherit: ([property = "", name]) => (this.#at(name).properties.delete(property) ? "" : ""),
    hold: (args) => this.#hold("hold", args),
    release: (args) => this.#hold("release", args),
    holds: ([, name]) =>
      [...this.#at(name).holds].map((tag) => `${name}\t${tag}\tSat Nov 21 15:16 2026\n`).join(""),
    destroy: ([name = ""]) => this.#destroy(name),
    clone: (args) => this.#clone(args),
    mount: ([name]) => {
      throw new Refused(1, `cannot mount '${name}': filesystem already mounted`);
    },
    unmount: () => "",
  };

  #zfs([verb = "", ...args]: readonly string[]): string {
    const at = this.interruptions.findIndex((one) => one.verb === verb);
    const [interruption] = at < 0 ? [] : this.interruptions.splice(at, 1);
    if (interruption !== undefined) throw new Refused(interruption.status, interruption.said);
    const answer = this.#verbs[verb];
    if (answer === undefined) throw new Refused(2, `unrecognized command '${verb}'`);
    if (this.late.includes(verb)) {
      this.late.splice(this.late.indexOf(verb), 1);
      this.#givenUp.push(() => void answer(args));
      throw new UmbraError("UMB-7202", { host: "zfs", program: "zfs", deadlineMs: 1 });
    }
    if (!READING.has(verb)) for (const change of this.#givenUp.splice(0)) change();
    return answer(args);
  }

  #at(name = ""): Dataset {
    const found = this.datasets.get(name);
    if (found === undefined) throw new Refused(1, `cannot open '${name}': dataset does not exist`);
    return found;
  }

  #snapshot(args: readonly string[]): string {
    if (args.length === 0) {
      const usage = "snapshot [-r] [-o property=value] ... <filesystem|volume>@<snap> ...";
      throw new Refused(
        2,
        `missing snapshot argument\nusage:\n\t${usage}\n\nFor the property list, run: zfs set|get`,
      );
    }
    const names = args.slice(2);
    for (const name of names) {
      const [dataset = ""] = name.split("@");
      if (this.datasets.has(name))
        throw new Refused(1, `cannot create snapshot '${name}': dataset already exists`);
      if (!this.datasets.has(dataset))
        throw new Refused(1, `cannot open '${dataset}': dataset does not exist`);
    }
    const createtxg = ++this.#transaction;
    for (const name of names) {
      const [dataset = "", snapshot = ""] = name.split("@");
      const { mountPoint } = this.#at(dataset);
      const properties = new Map([split(args[1] ?? "")]);
      this.datasets.set(name, { mountPoint: "", createtxg, properties, holds: new Set() });
      copyTree(mountPoint, `${mountPoint}/.zfs/snapshot/${snapshot}`);
    }
    return "";
  }

  #get(args: readonly string[]): string {
    const name = args.at(-1) ?? "";
    this.#at(name);
    const wanted = (args.at(-2) ?? "").split(",");
    const below = (one: string) =>
      args.includes("-r") && /^[@/][^@/]*$/.test(one.slice(name.length)) && one.startsWith(name);
    const columns = args[args.indexOf("-o") + 1] ?? "";
    const lines = [...this.datasets]
      .filter(([one]) => one === name || below(one))
      .flatMap(([one, dataset]) =>
        (wanted[0] === "all" ? [...dataset.properties.keys()] : wanted).map((property) => {
          const [value, source] = this.#value(one, dataset, property);
          const row: Record<string, string> = { name: one, property, value, source };
          return columns
            .split(",")
            .map((column) => row[column])
            .join("\t");
        }),
      );
    return `${lines.join("\n")}\n`;
  }

  #value(name: string, dataset: Dataset, property: string): readonly [value: string, source: string] {
    const clones = [...this.datasets.values()].filter(({ origin }) => origin === name).length;
    const computed: Record<string, string> = {
      type: name.includes("@") ? "snapshot" : "filesystem",
      creation: "1795274160",
      createtxg: String(dataset.createtxg),
      guid: `${dataset.createtxg}${name.length}`,
      used: "4096",
      available: "1000000",
      userrefs: String(dataset.holds.size),
      numclones: String(clones),
      origin: dataset.origin ?? "-",
      mountpoint: dataset.mountPoint,
    };
    const own = dataset.properties.get(property);
    if (own !== undefined) return [own, "local"];
    const parent = this.datasets.get(name.replace(/[@/][^@/]*$/, ""))?.properties.get(property);
    if (parent !== undefined && property.includes(":")) return [parent, `inherited from ${name}`];
    return [computed[property] ?? "-", "-"];
  }

  #set([assignment = "", name]: readonly string[]): string {
    const [property, value] = split(assignment);
    this.#at(name).properties.set(property, value);
    return "";
  }

  #hold(verb: "hold" | "release", [tag = "", name]: readonly string[]): string {
    const { holds } = this.#at(name);
    if (holds.has(tag) === (verb === "hold")) {
      const why = verb === "hold" ? "tag already exists on this dataset" : "no such tag on this dataset";
      throw new Refused(1, `cannot ${verb} snapshot '${name}': ${why}`);
    }
    if (verb === "hold") holds.add(tag);
    else holds.delete(tag);
    return "";
  }

  #destroy(name: string): string {
    const { holds, mountPoint } = this.#at(name);
    if (holds.size > 0) {
      throw new Refused(
        1,
        `cannot destroy snapshot ${name}: it's being held. Run 'zfs holds -r ${name}' to see holders.`,
      );
    }
    if ([...this.datasets.values()].some(({ origin }) => origin === name)) {
      throw new Refused(
        1,
        `cannot destroy '${name}': snapshot has dependent clones\nuse '-R' to destroy the following datasets`,
      );
    }
    this.datasets.delete(name);
    const [dataset = "", snapshot] = name.split("@");
    const top =
      snapshot === undefined ? mountPoint : `${this.#at(dataset).mountPoint}/.zfs/snapshot/${snapshot}`;
    rmSync(top, { recursive: true, force: true });
    return "";
  }

  #clone(args: readonly string[]): string {
    const [snapshot = "", name = ""] = args.slice(-2);
    const options = new Map(args.flatMap((word, at) => (args[at - 1] === "-o" ? [split(word)] : [])));
    if (this.datasets.has(name)) throw new Refused(1, `cannot create '${name}': dataset already exists`);
    this.#at(snapshot);
    const [dataset = "", inside = ""] = snapshot.split("@");
    const mountPoint = options.get("mountpoint") ?? "";
    copyTree(`${this.#at(dataset).mountPoint}/.zfs/snapshot/${inside}`, mountPoint);
    this.filesystem(name, mountPoint, snapshot);
    for (const [property, value] of options) {
      if (property.includes(":")) this.#at(name).properties.set(property, value);
    }
    return "";
  }

  #origins(): string {
    const filesystems = [...this.datasets].filter(([name]) => !name.includes("@"));
    return filesystems.map(([name, { origin }]) => `${name}\t${origin ?? "-"}\n`).join("");
  }
}

/** By way of a third place: a directory cannot be copied into itself. */
function copyTree(from: string, to: string): void {
  const passing = `${from.replace(/\/[^/]*$/, "")}/passing`;
  cpSync(from, passing, { recursive: true, filter: (source) => !source.endsWith("/.zfs") });
  cpSync(passing, to, { recursive: true });
  rmSync(passing, { recursive: true });
}

/** Words of a line that a person typed; none holds a quote. */
function typed(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

function split(assignment: string): [string, string] {
  const at = assignment.indexOf("=");
  return [assignment.slice(0, at), assignment.slice(at + 1)];
}

function ended(status: number, stdout: string, stderr: string): RunResult {
  return { status, signal: undefined, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) };
}
