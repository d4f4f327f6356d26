import type { UmbraEvent } from "../domain/events.ts";

/** Facts of what happens, told to whoever renders them. Must not throw and must not block. */
export interface Reporter {
  event(event: UmbraEvent): void;
}
