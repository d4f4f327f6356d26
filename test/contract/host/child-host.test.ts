import { afterAll } from "vitest";

import { createChildHost } from "../../../src/adapters/host/child-host.ts";
import { umbraMain } from "../../rigs/umbra-main.ts";
import { keepsThePromisesOfACopyingHost } from "./copying-host-promises.ts";
import { keepsThePromisesOfAHost } from "./host-promises.ts";
import { keepsThePromisesOfAReceivingHost } from "./receiving-host-promises.ts";
import { keepsThePromisesOfARefreshingHost } from "./refreshing-host-promises.ts";

/** One child for the file, as one run of umbra has it. */
const host = createChildHost({
  name: "local",
  argv: [...umbraMain, "remote", "--direct", "--allow", "files,copy,verify,run"],
  version: "test",
});

afterAll(() => host[Symbol.dispose]());

keepsThePromisesOfAHost("a child of this process", async () => host);
keepsThePromisesOfACopyingHost("a child of this process", async () => host, { ahead: true });
keepsThePromisesOfAReceivingHost("a child of this process", async () => host);
keepsThePromisesOfARefreshingHost("a child of this process", async () => host);
