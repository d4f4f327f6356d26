import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { fingerprintOf } from "../../../../src/adapters/ssh/host-key.ts";
import { addKnownHost, readKnownHosts } from "../../../../src/adapters/ssh/known-hosts-files.ts";
import { judgeHostKey, knownTypes, parseKnownHosts } from "../../../../src/adapters/ssh/known-hosts.ts";
import { hostAddressText, parseHostAddress } from "../../../../src/domain/host-address.ts";
import type { FilePath } from "../../../../src/domain/names.ts";
import { requireProgram } from "../../../programs.ts";
import { scratchDirectory } from "../../../rigs/scratch-directory.ts";

const db1 = { host: "db1.example.com", port: 22 };
const db1At2222 = { host: "db1.example.com", port: 2222 };

function blobOf(type: string, content: Buffer): Buffer {
  const withLength = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([withLength(Buffer.from(type)), withLength(content)]);
}

function ed25519(): Buffer {
  const { publicKey } = generateKeyPairSync("ed25519");
  return blobOf("ssh-ed25519", publicKey.export({ type: "spki", format: "der" }).subarray(-32));
}

const key = ed25519();
const other = ed25519();
const rsa = blobOf("ssh-rsa", Buffer.from("not a real modulus"));
const line = (hosts: string, blob: Buffer, marker = "") =>
  `${marker}${hosts} ${blob.toString("latin1", 4, 4 + blob.readUInt32BE(0))} ${blob.toString("base64")} comment\n`;
const judged = (address: typeof db1, blob: Buffer, text: string) =>
  judgeHostKey(address, blob, parseKnownHosts(text, "k"));

describe("a host key is", () => {
  test("unknown where no line is about the host", () => {
    expect(judged(db1, key, `# comment\n\n${line("db2.example.com", key)}`)).toEqual({ verdict: "unknown" });
  });

  test("known where a line has it, in any of several files and types", () => {
    const text = line("db1.example.com,10.0.0.1", rsa) + line("db1.example.com", key);
    expect(judged(db1, key, text)).toEqual({ verdict: "known" });
    expect(judged({ host: "10.0.0.1", port: 22 }, rsa, text)).toEqual({ verdict: "known" });
    expect(knownTypes(db1, parseKnownHosts(text, "k"))).toEqual(["ssh-rsa", "ssh-ed25519"]);
  });

  test("changed where other keys are known, and each is told with its place", () => {
    expect(judged(db1, key, `#\n${line("db1.example.com", other)}`)).toEqual({
      verdict: "changed",
      known: [`${fingerprintOf(other)} (k:2)`],
    });
    expect(judged(db1, key, line("db1.example.com", rsa)).verdict).toBe("changed");
  });

  test("revoked where any line revokes it, even beside a line that knows it", () => {
    const text = line("db1.example.com", key) + line("*", key, "@revoked ");
    expect(judged(db1, key, text)).toEqual({ verdict: "revoked", place: "k:2" });
    expect(judged(db1, other, text).verdict).toBe("changed");
    expect(judged({ host: "db2", port: 22 }, other, text).verdict).toBe("unknown");
  });

  test("of one port: the same name on another port is another host", () => {
    const text = line("[db1.example.com]:2222", key);
    expect(judged(db1At2222, key, text).verdict).toBe("known");
    expect(judged(db1, key, text).verdict).toBe("unknown");
    expect(judged(db1At2222, key, line("db1.example.com", key)).verdict).toBe("unknown");
  });

  test("found by wildcards, and not by an excluded name", () => {
    const text = line("*.example.com,!db1.example.com,db?", key);
    expect(judged({ host: "db2.example.com", port: 22 }, key, text).verdict).toBe("known");
    expect(judged({ host: "db7", port: 22 }, key, text).verdict).toBe("known");
    expect(judged({ host: "db77", port: 22 }, key, text).verdict).toBe("unknown");
    expect(judged(db1, key, text).verdict).toBe("unknown");
    expect(judged({ host: "dbxexample.com", port: 22 }, key, line("db.example.com", key)).verdict).toBe(
      "unknown",
    );
  });

  test("not known by a damaged line or by a certificate authority", () => {
    const cut = line("db1.example.com", key).slice(0, 40);
    const wrongType = line("db1.example.com", key).replace("ssh-ed25519", "ssh-rsa");
    const authority = line("*", key, "@cert-authority ");
    expect(judged(db1, key, `${cut}\n${wrongType}${authority}|2|x|y ssh-ed25519 AAAA\n`).verdict).toBe(
      "unknown",
    );
  });
});

test("names that ssh-keygen hashed are found, with their port", (context) => {
  requireProgram(context, "ssh-keygen");
  using scratch = scratchDirectory();
  const path = join(scratch.path, "known_hosts");
  writeFileSync(path, line("db1.example.com", key) + line("[db1.example.com]:2222", other));
  execFileSync("ssh-keygen", ["-q", "-H", "-f", path], { stdio: "ignore" });
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("db1");
  expect(judged(db1, key, text).verdict).toBe("known");
  expect(judged(db1At2222, other, text).verdict).toBe("known");
  expect(judged(db1, other, text).verdict).toBe("changed");
});

test("a stored key is known from then on, to umbra and to ssh-keygen, and nothing else of the file is lost", async (context) => {
  requireProgram(context, "ssh-keygen");
  using scratch = scratchDirectory();
  const path = join(scratch.path, "state", "known_hosts") as FilePath;
  await addKnownHost(path, db1At2222, key);
  writeFileSync(path, "torn li", { flag: "a" });
  await addKnownHost(path, db1, other);
  const known = await readKnownHosts([join(scratch.path, "none") as FilePath, path], 10_000);
  expect(judgeHostKey(db1At2222, key, known).verdict).toBe("known");
  expect(judgeHostKey(db1, other, known).verdict).toBe("known");
  const found = execFileSync("ssh-keygen", ["-l", "-F", "[db1.example.com]:2222", "-f", path], {
    encoding: "utf8",
  });
  expect(found).toContain(fingerprintOf(key));
});

test("a file of known hosts that cannot be read is an error, not an empty file", async () => {
  using scratch = scratchDirectory();
  await expect(readKnownHosts([scratch.path as FilePath], 10_000)).rejects.toMatchObject({
    code: "UMB-7218",
    context: { errno: "EISDIR" },
  });
});

test.each([
  ["DB1.Example.com", "db1.example.com"],
  ["db1:2222", "[db1]:2222"],
  ["[db1]:22", "db1"],
  ["::1", "::1"],
  ["[fe80::1%eth0]:2222", "[fe80::1%eth0]:2222"],
])("the host %s is %s in known_hosts", (text, name) => {
  const address = parseHostAddress(text);
  expect(address && hostAddressText(address)).toBe(name);
});

test.each(["", "db1:0", "db1:65536", "a b", "user@db1", "-oProxyCommand=x", "db1\n", "*", "a,b"])(
  "%j is no host",
  (text) => {
    expect(parseHostAddress(text)).toBeUndefined();
  },
);
