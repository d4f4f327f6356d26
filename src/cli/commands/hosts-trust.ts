import { hostAddressText, type HostAddress, parseHostAddress } from "../../domain/host-address.ts";
import { printable } from "../../domain/human.ts";
import { exitClass } from "../../errors/exit-classes.ts";
import { UmbraError } from "../../errors/umbra-error.ts";
import type { ShownHostKey } from "../../ports/host-keys.ts";
import { type Declare, group } from "../command.ts";
import { emptyFleet, fleetIfAny } from "../fleet-if-any.ts";

const ASK_MS = 20_000;

interface Options {
  readonly fingerprint?: string;
  readonly yes?: true;
}

export const hostsTrust: Declare = (program, perform) => {
  group(program, "hosts", "the hosts that umbra reaches over ssh")
    .command("trust")
    .description("show the key of an ssh server, and store it once it is confirmed")
    .argument("<host>", "name in the configuration, or an address: db1.example.com:2222, [fd00::1]:2222")
    .option("--fingerprint <SHA256:...>", "store the key if it is this one")
    .option("--yes", "store the key that the host shows, whatever it is")
    .action(
      perform(async (context, text: string, options: Options) => {
        const fleet = (await fleetIfAny(context)) ?? emptyFleet;
        const address = fleet.hosts.get(text)?.address ?? addressOf(text);
        const keys = context.around.hostKeys(fleet);
        const shown = await keys.ask(address, { deadlineMs: ASK_MS, signal: context.around.signal() });
        const host = hostAddressText(address);
        const { type, fingerprint, known } = shown;
        const { fingerprint: expected } = options;
        if (expected !== undefined && expected !== fingerprint) {
          throw new UmbraError("UMB-7216", { host, shown: fingerprint, expected });
        }
        const stored = !known && (expected !== undefined || options.yes === true);
        if (stored) await keys.trust(address, shown);
        return {
          ok: true,
          kind: "host-key",
          data: { host, type, fingerprint, known, stored },
          text: told(address, shown, stored),
          exit: known || stored ? exitClass.done : exitClass.refused,
        };
      }),
    );
};

function addressOf(text: string): HostAddress {
  const address = parseHostAddress(text);
  if (address !== undefined) return address;
  throw new UmbraError("UMB-2001", { message: `${printable(text)} is no host[:port]`, command: "hosts" });
}

function told(address: HostAddress, { type, fingerprint, known }: ShownHostKey, stored: boolean): string {
  const host = hostAddressText(address);
  const key = `${host}  ${type}  ${fingerprint}`;
  if (known) return `${key}\nknown already`;
  if (stored) return `${key}\nstored; umbra connects to it from now on`;
  const file = `/etc/ssh/ssh_host_${type.split("-")[type.startsWith("ecdsa") ? 0 : 1] ?? ""}_key.pub`;
  return [
    key,
    `not stored yet. On the console of that host run: ssh-keygen -lf ${file}`,
    `If it prints the same: umbra hosts trust ${host} --fingerprint ${fingerprint}`,
  ].join("\n");
}
