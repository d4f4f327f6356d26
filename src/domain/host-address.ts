/** Where an ssh server listens. */
export interface HostAddress {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
}

const SSH_PORT = 22;

/** `host`, `host:port`, `[address]:port`; an IPv6 address without a port needs no brackets. undefined: none of these. */
export function parseHostAddress(text: string): HostAddress | undefined {
  const parts = /^\[([^\]]*)\](?::(\d+))?$/.exec(text) ?? /^([^:]*):(\d+)$/.exec(text);
  const host = (parts?.[1] ?? text).toLowerCase();
  const port = Number(parts?.[2] ?? SSH_PORT);
  const usable = /^[a-z0-9_.:%-]+$/.test(host) && !host.startsWith("-") && port >= 1 && port <= 65_535;
  return usable ? { host, port } : undefined;
}

/** As known_hosts files have it: the port only where it is not 22. */
export function hostAddressText({ host, port }: HostAddress): string {
  return port === SSH_PORT ? host : `[${host}]:${port}`;
}
