import { describe, expect, test } from "vitest";

import {
  programArguments,
  programDefaults,
  readProgramOptions,
} from "../../../../simulator/doors/program-options.ts";

describe("options of the simulator program", () => {
  test("arguments give back the options they were made from", () => {
    const options = {
      ...programDefaults,
      base: "/tmp/a b",
      profile: "23ai",
      cdb: true,
      pdbs: 3,
      workload: true,
      pfile: "/tmp/init.ora",
      startTo: "MOUNT",
    } as const;
    expect(readProgramOptions(programArguments(options))).toEqual(options);
    expect(readProgramOptions(["--base", "/x"])).toEqual({ ...programDefaults, base: "/x" });
  });

  test("sizes have units", () => {
    const bytes = ["4096", "64k", "200M", "4G"].map(
      (size) => readProgramOptions(["--base", "/x", "--size", size]).bytes,
    );
    expect(bytes).toEqual([4096, 65_536, 209_715_200, 4_294_967_296]);
  });

  test("what is not understood is named", () => {
    expect(() => readProgramOptions([])).toThrow("--base is missing");
    expect(() => readProgramOptions(["--base", "/x", "--profile", "8i"])).toThrow(
      "--profile must be one of 12.2, 19c, 23ai",
    );
    expect(() => readProgramOptions(["--base", "/x", "--port", "-1"])).toThrow();
    expect(() => readProgramOptions(["--base", "/x", "--size", "lots"])).toThrow("--size must be a number");
  });
});
