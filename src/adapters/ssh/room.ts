/**
 * OpenSSH counts a program that has ended until its next turn: when many end at once it may refuse those that follow,
 * though fewer run than it allows. Tried for two seconds.
 */
export const ROOM_TRIES = 40;
export const ROOM_MS = 50;

/** SSH_OPEN_CONNECT_FAILED, which OpenSSH says, and SSH_OPEN_RESOURCE_SHORTAGE (RFC 4254, 5.1). */
const NO_ROOM: ReadonlySet<unknown> = new Set([2, 4]);

/** The server refused to open one more channel on the connection. */
export function isNoRoom(error: unknown): boolean {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  return NO_ROOM.has(reason);
}
