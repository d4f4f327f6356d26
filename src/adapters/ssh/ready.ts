import ssh2, { type Client, type ConnectConfig } from "ssh2";

import { type HostAddress, hostAddressText } from "../../domain/host-address.ts";
import { UmbraError } from "../../errors/umbra-error.ts";

/**
 * A client that is logged in. UMB-7211 with the error of ssh2 as its cause, which knows whether the login was refused.
 * Later errors of the client are not heard: it closes, and that is what its users wait for.
 */
export function ready(address: HostAddress, config: ConnectConfig, connectMs: number): Promise<Client> {
  const { promise, resolve, reject } = Promise.withResolvers<Client>();
  const client = new ssh2.Client();
  const fail = (problem: string, cause?: unknown) => {
    clearTimeout(timer);
    client.destroy();
    reject(new UmbraError("UMB-7211", { host: hostAddressText(address), problem }, { cause }));
  };
  const timer = setTimeout(() => fail(`no answer within ${connectMs} ms`), connectMs);
  client.on("error", (error) => fail(error.message, error));
  client.on("close", () => fail("the server closed it"));
  client.on("ready", () => {
    clearTimeout(timer);
    // Small packets wait 40 ms for each other's acknowledgement otherwise.
    client.setNoDelay(true);
    resolve(client);
  });
  try {
    // An own timer: that of ssh2 does not cover the time before the TCP connection stands.
    client.connect({ ...config, ...(config.sock ? {} : address), readyTimeout: 0 });
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error), error);
  }
  return promise;
}
