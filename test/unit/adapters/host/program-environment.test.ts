import { expect, test } from "vitest";

import { createLocalHost } from "../../../../src/adapters/host/local-host.ts";
import { createCopier } from "../../../../src/copy/copier.ts";

test("a program, and an instance that it starts, sees no password that umbra was given in a variable", async () => {
  const before = { ...process.env };
  process.env["PROD1_PASSWORD"] = "s3cret";
  process.env["CREDENTIALS_DIRECTORY"] = "/run/credentials/umbra";
  process.env["LC_TIME"] = "C";
  try {
    await using copier = createCopier();
    const { stdout } = await createLocalHost({ copier }).run(["env"], {
      deadlineMs: 5_000,
      maxOutputBytes: 65_536,
    });
    const names = stdout
      .toString()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(names).toEqual(expect.arrayContaining(["PATH", "LC_TIME"]));
    expect(stdout.toString()).not.toMatch(/s3cret|PROD1_PASSWORD|CREDENTIALS_DIRECTORY/u);
  } finally {
    process.env = before;
  }
});
