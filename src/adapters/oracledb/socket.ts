import type { DriverConnection } from "./driver.ts";

/** Where versions 7 and 26 of the driver keep the socket of a thin connection: no public way frees a dead one. */
const WAY = ["_impl", "nscon", "ntAdapter", "stream"];

/** Ends the TCP connection at once. False where the driver keeps its socket elsewhere, or none is left. */
export function destroySocket(connection: DriverConnection): boolean {
  const socket = WAY.reduce<unknown>((holder, key) => property(holder, key), connection);
  const destroy = property(socket, "destroy");
  if (typeof destroy !== "function") return false;
  destroy.call(socket);
  return true;
}

function property(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null
    ? (holder as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
