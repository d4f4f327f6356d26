import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TestContext } from "vitest";
import { expect, test } from "vitest";

import { startListener } from "../../simulator/tns/listener.ts";
import type { ProfileName } from "../../simulator/tns/profiles.ts";
import { requireProgram } from "../programs.ts";
import { FakeEngine } from "../unit/simulator/tns/fake-engine.ts";
import { oracledb } from "../rigs/drivers.ts";

/** One chunk of bytes as text2pcap reads it: I to the server, O from it. */
function hexDump(direction: "I" | "O", chunk: Buffer): string {
  const bytes = chunk.toString("hex").match(/../g) ?? [];
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    lines.push(`${at.toString(16).padStart(6, "0")} ${bytes.slice(at, at + 16).join(" ")}`);
  }
  return `${direction}\n${lines.join("\n")}\n`;
}

/** What a driver and the listener say to each other in a login, queries, a failure and a break. */
async function conversation(profile: ProfileName): Promise<string> {
  const dumps: string[] = [];
  const listener = await startListener({ engine: new FakeEngine(), profile });
  const relay = createServer((client) => {
    const server = connect(listener.port, listener.host);
    client.on("data", (chunk) => dumps.push(hexDump("I", Buffer.from(chunk)))).pipe(server);
    server.on("data", (chunk) => dumps.push(hexDump("O", Buffer.from(chunk)))).pipe(client);
    client.on("error", () => server.destroy());
    server.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    relay.listen(0, "127.0.0.1", resolve);
  });
  const { port } = relay.address() as AddressInfo;
  const login = { user: "scott", password: "tiger", connectString: `127.0.0.1:${port}/ORCL` };
  const connection = await oracledb.getConnection(login);
  await connection.execute("select levels 300");
  await connection.execute("select * from nowhere").catch(() => {});
  connection.callTimeout = 20;
  await connection.execute("begin sleep(3600000); end;").catch(() => {});
  await connection.close();
  await new Promise((resolve) => {
    relay.close(resolve);
  });
  await listener.close();
  return dumps.join("\n");
}

/** Answers of tshark, one for each frame that the filter lets through. */
function frames(folder: string, filter: string): readonly string[] {
  const fields = ["-T", "fields", "-e", "tns.type"];
  const result = spawnSync(
    "tshark",
    ["-r", join(folder, "talk.pcap"), "-d", "tcp.port==1521,tns", "-Y", filter, ...fields],
    { encoding: "utf8" },
  );
  return result.stdout.split("\n").filter((line) => line !== "");
}

test.for(["19c", "23ai"] as const)(
  "a packet analyser finds nothing malformed in what the server of %s sends",
  async (profile, context: TestContext) => {
    requireProgram(context, "tshark");
    const folder = mkdtempSync(join(tmpdir(), "umbra-tshark-"));
    try {
      writeFileSync(join(folder, "talk.txt"), await conversation(profile));
      const made = spawnSync(
        "text2pcap",
        ["-D", "-T", "50000,1521", join(folder, "talk.txt"), join(folder, "talk.pcap")],
        { encoding: "utf8" },
      );
      expect(made.status).toBe(0);
      const types = frames(folder, "tns && tcp.srcport == 1521").flatMap((line) => line.split(","));
      expect(new Set(types)).toEqual(new Set(["2", "6", "11", "12"]));
      expect(frames(folder, "_ws.malformed && tcp.srcport == 1521")).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
