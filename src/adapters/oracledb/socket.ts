import type { DriverConnection } from "./driver.ts";

/** Where versions 7 and 26 of the driver keep the network session of a thin connection: no public way frees a dead one. */
const SESSION = ["_impl", "nscon"];
const SOCKET = ["ntAdapter", "stream"];

/**
 * Ends the TCP connection at once, and tells the driver so: it would log off a connection that it takes for living when
 * that is collected as garbage. False where the driver keeps its socket elsewhere, or none is left.
 */
export function destroySocket(connection: DriverConnection): boolean {
  const session = at(connection, SESSION);
  const socket = at(session, SOCKET);
  const destroy = property(socket, "destroy");
  if (typeof destroy !== "function") return false;
  const disconnect = property(session, "forceDisconnect");
  if (typeof disconnect === "function") disconnect.call(session);
  destroy.call(socket);
  return true;
}

function at(holder: unknown, way: readonly string[]): unknown {
  return way.reduce(property, holder);
}

function property(holder: unknown, key: string): unknown {
  return typeof holder === "object" && holder !== null
    ? (holder as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
