import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { umbra } from "./run-umbra.ts";

const EXAMPLE = "config/examples/fleet.yaml";

test("config check says that a configuration is right, and what is in it", () => {
  expect(umbra(["config", "check", "--config", EXAMPLE])).toEqual({
    status: 0,
    stdout: "config/examples/fleet.yaml is right. 4 databases: PROD1, HR, WAREHOUSE, TEST1\n",
    stderr: "",
  });
});

test("config check shows every problem with its place, and ends with status 2", () => {
  const path = "config/invalid/values.yaml";
  const { status, stdout, stderr } = umbra(["config", "check"], { UMBRA_CONFIG: path });
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(readFileSync("config/invalid/values.txt", "utf8"));
});

test("a password in the wrong place is not repeated in any format", () => {
  const path = "config/invalid/literal-password.yaml";
  for (const format of ["table", "json", "ndjson"]) {
    const { status, stdout, stderr } = umbra(["config", "check", "--config", path, "--output", format]);
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("hunter2");
  }
});

test("--config wins over $UMBRA_CONFIG, and both over the default path", () => {
  const both = umbra(["config", "check", "--config", EXAMPLE], { UMBRA_CONFIG: "/nowhere.yaml" });
  expect(both.status).toBe(0);
  const none = umbra(["config", "check"], { UMBRA_CONFIG: "" });
  expect(none.stdout + none.stderr).toContain("/etc/umbra/umbra.yaml");
});

test("--explain prints each effective setting, where it was set, and secrets as references", () => {
  const { stdout } = umbra(["config", "check", "--explain", "WAREHOUSE", "--config", EXAMPLE]);
  expect(stdout).toMatchInlineSnapshot(`
    "databases.WAREHOUSE
    SETTING                   VALUE                   FROM
    privilege                 sysbackup               config/examples/fleet.yaml:20:14
    backup.mode               per-tablespace          config/examples/fleet.yaml:25:11
    backup.parallel           2                       config/examples/fleet.yaml:27:15
    backup.spare              50GiB                   config/examples/fleet.yaml:29:12
    cold.mode                 auto                    built in
    cold.shutdown             immediate               built in
    cold.on-overrun           stop-copy               built in
    cold.abort-when-stuck     false                   built in
    refresh.engine            blocks                  config/examples/fleet.yaml:32:13
    refresh.find              compare                 config/examples/fleet.yaml:33:11
    refresh.parallel          2                       config/examples/fleet.yaml:34:15
    refresh.snapshot          before                  config/examples/fleet.yaml:35:15
    logs.guard                defer                   config/examples/fleet.yaml:38:12
    logs.free                 20GiB                   config/examples/fleet.yaml:39:11
    logs.reopen               60s                     config/examples/fleet.yaml:40:13
    logs.lag                  15m                     config/examples/fleet.yaml:41:10
    retention.zone            Europe/Berlin           config/examples/fleet.yaml:44:11
    retention.minimum-good    3                       config/examples/fleet.yaml:51:19
    retention.minimum-proven  1                       config/examples/fleet.yaml:52:21
    retention.protect         14d                     config/examples/fleet.yaml:53:14
    retention.grace           2d                      config/examples/fleet.yaml:54:12
    retention.after-refresh   false                   config/examples/fleet.yaml:55:20
    retention.hourly          24                      config/examples/fleet.yaml:45:13
    retention.daily           14                      config/examples/fleet.yaml:46:12
    retention.weekly          8                       config/examples/fleet.yaml:47:13
    retention.monthly         12                      config/examples/fleet.yaml:48:14
    retention.yearly          3                       config/examples/fleet.yaml:49:13
    retention.keep-within     2d                      config/examples/fleet.yaml:50:18
    deadlines.connect         30s                     config/examples/fleet.yaml:58:14
    deadlines.statement       2m                      config/examples/fleet.yaml:59:16
    deadlines.begin-backup    30m                     config/examples/fleet.yaml:60:19
    deadlines.shutdown        30m                     built in
    deadlines.startup         30m                     built in
    deadlines.archived-log    2h                      config/examples/fleet.yaml:93:32
    deadlines.copy-stall      2m                      config/examples/fleet.yaml:62:17
    storage                   nas2                    config/examples/fleet.yaml:89:14
    user                      C##UMBRA                config/examples/fleet.yaml:19:9
    password.env              UMBRA_DW_PASSWORD       config/examples/fleet.yaml:92:22
    backup-area               /backup/nas2/warehouse  config/examples/fleet.yaml:90:18
    connect                   dw.example.com:1521/DW  config/examples/fleet.yaml:91:14
    "
  `);
});

test("JSON output is one object with the version of its shape", () => {
  const { stdout } = umbra(["config", "check", "--explain", "HR", "--config", EXAMPLE, "--output", "json"]);
  const data = JSON.parse(stdout) as { settings: readonly { setting: string }[] };
  expect(data).toMatchObject({ schema: 1, kind: "effective-config", database: "HR" });
  expect(data.settings.find((one) => one.setting === "backup.parallel")).toEqual({
    setting: "backup.parallel",
    value: "4",
    from: "config/examples/fleet.yaml:86:25",
  });
});

test("config schema prints the schema that editors are given", () => {
  expect(umbra(["config", "schema"]).stdout).toBe(readFileSync("config/umbra.schema.json", "utf8"));
});
