import { hostname } from "node:os";

import { describe, expect, onTestFinished, test } from "vitest";

import { emptyFleet } from "../../../src/cli/fleet-if-any.ts";
import type { Fleet } from "../../../src/domain/fleet.ts";
import { openState } from "../../../src/state/open-state.ts";
import { agentOf } from "../../../src/wire/agent.ts";
import { scratchDirectory } from "../../rigs/scratch-directory.ts";

function rig() {
  const scratch = scratchDirectory();
  onTestFinished(() => scratch[Symbol.dispose]());
  const told: string[] = [];
  /** The name in a process that reads this configuration, and has its storages opened twice. */
  const nameWith = (agent?: string, output: "table" | "json" = "table"): string => {
    using state = openState(scratch.path);
    const fleet: Fleet = agent === undefined ? { ...emptyFleet } : { ...emptyFleet, agent };
    const write = (text: string) => void told.push(text);
    for (let opened = 2; opened > 0; opened -= 1) agentOf(fleet, state, { write, output }).tell();
    return agentOf(fleet, state, { write, output }).name;
  };
  const beganAs = (name: string): void => {
    using state = openState(scratch.path);
    state.agentName.first(name);
  };
  return { nameWith, beganAs, told };
}

describe("the name of an installation", () => {
  test("is the host's, and stays it when the host gets another one", () => {
    const { nameWith, beganAs, told } = rig();
    beganAs("old-host");
    expect(nameWith()).toBe("old-host");
    expect(rig().nameWith()).toBe(hostname());
    expect(told).toEqual([]);
  });

  test("is the configured one, also when the configuration does not say it any more", () => {
    const { nameWith, told } = rig();
    expect(nameWith("backup1")).toBe("backup1");
    expect(nameWith()).toBe("backup1");
    expect(told).toEqual([]);
  });

  test("that is changed is told once in each process, as a line or as JSON", () => {
    const { nameWith, told } = rig();
    nameWith("backup1");
    expect(nameWith("backup2")).toBe("backup2");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^umbra: warning: this umbra began as backup1, and is called backup2 /);
    nameWith("backup2", "json");
    expect(JSON.parse(told[1] ?? "")).toMatchObject({
      kind: "warning",
      warning: { todo: expect.any(String) },
    });
    expect(nameWith("backup1")).toBe("backup1");
    expect(told).toHaveLength(2);
  });
});
