import { readdirSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { databaseUser } from "../../rigs/database-user.ts";

interface Plan {
  readonly plan: string;
  readonly logs: readonly {
    readonly path: string;
    readonly stays: boolean;
    readonly why: readonly string[];
  }[];
}

const policy = (grace: string) => ({
  more: `    retention: { zone: UTC, daily: 1, minimum-good: 2, protect: 0s, grace: ${grace} }`,
});

test(
  "logs that nothing needs are planned, marked, kept, marked again and removed; retention ends with them",
  { timeout: 300_000 },
  async () => {
    await using user = await databaseUser();
    const { instance } = user.program;
    const logs = join(user.area, "live", "logs");
    const switched = async () => {
      for (let left = 2; left > 0; left -= 1) await instance.archiveLogCurrent();
    };
    const refused = async (status: number, text: string, ...argv: readonly string[]) => {
      const ended = await user.umbra("logs", "prune", "PROD1", ...argv);
      expect([ended.status, ended.stderr]).toEqual([status, expect.stringContaining(text)]);
    };
    await user.succeed("logs", "setup", "PROD1");
    await refused(2, "say one of --plan", "--plan", "--by-policy");
    await refused(3, "UMB-3161", "--plan");
    user.configure(policy("1d"));
    await user.succeed("backup", "hot", "PROD1");
    await switched();
    await user.succeed("backup", "hot", "PROD1");
    await switched();

    const text = await user.succeed("logs", "prune", "PROD1", "--plan");
    expect(text).toMatch(/ GOES +nothing that stays needs it$/m);
    expect(text).toMatch(
      / stays +\S+-hot-\w+, from which what is protected is restored, needs redo from SCN/m,
    );
    expect(text).toMatch(/Can be restored now:\n {2}[█▒·]+\nafterwards:\n {2}[█▒·]+\n/);
    const plan = await user.object<Plan>("logs", "prune", "PROD1", "--plan");
    const going = plan.logs.filter(({ stays }) => !stays).map(({ path }) => path);
    expect([going.length > 0, going.length < plan.logs.length]).toEqual([true, true]);
    expect(text).toContain(`umbra logs prune PROD1 --apply ${plan.plan}`);
    expect(await user.succeed("retention", "plan", "PROD1")).toContain(
      `Archived logs: ${going.length} of ${plan.logs.length} in the live area`,
    );
    await refused(3, "UMB-3168", "--apply", "0123456789ab");

    const marked = await user.succeed("logs", "prune", "PROD1", "--apply", plan.plan);
    expect(marked).toContain(`Archived logs: ${going.length} marked, 0 removed`);
    const present = () => readdirSync(logs).map((name) => join(logs, name));
    expect(present()).toEqual(expect.arrayContaining([...going]));
    expect(await user.succeed("logs", "prune", "PROD1", "--undo")).toContain(`${going.length} log`);

    user.configure(policy("0s"));
    const applied = await user.succeed("retention", "apply", "PROD1", "--by-policy");
    expect(applied).toContain(`${going.length} removed`);
    expect(present().filter((path) => going.includes(path))).toEqual([]);
    const verified = await user.object<{ readonly logs: readonly { readonly class: string }[] }>(
      "logs",
      "verify",
      "PROD1",
    );
    expect(new Set(verified.logs.map((log) => log.class))).toEqual(new Set(["good"]));
    expect(await user.succeed("logs", "backfill", "PROD1")).toContain("0 logs copied");
    expect(await user.succeed("logs", "prune", "PROD1", "--by-policy")).toContain(
      "Archived logs: 0 marked, 0 removed (0 B), 0 waiting.",
    );
  },
);
