import type { DoctorChecks } from "./check.ts";
import { account } from "./checks/account.ts";
import { clock } from "./checks/clock.ts";
import { connection } from "./checks/connection.ts";
import { driver } from "./checks/driver.ts";
import { farUmbra } from "./checks/far-umbra.ts";
import { freeSpace } from "./checks/free-space.ts";
import { hostClock } from "./checks/host-clock.ts";
import { instance } from "./checks/instance.ts";
import { login } from "./checks/login.ts";
import { mounted } from "./checks/mounted.ts";
import { sameDirectory } from "./checks/same-directory.ts";
import { sshCrypto } from "./checks/ssh-crypto.ts";
import { stateDirectory } from "./checks/state-directory.ts";
import { unfinished } from "./checks/unfinished.ts";
import { version } from "./checks/version.ts";
import { writable } from "./checks/writable.ts";

/** Every check, in the order in which its line is printed. */
export const checks: DoctorChecks = {
  installation: [version, driver, sshCrypto, clock, stateDirectory],
  host: [login, account, farUmbra, hostClock],
  database: [unfinished, connection, instance],
  storage: [mounted, writable, freeSpace, sameDirectory],
};
