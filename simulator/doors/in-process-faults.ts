/** A call as the faults of the in-process door see it. */
interface DoorCall {
  /** Of all calls through the connector, from 1. */
  readonly number: number;
  readonly sql: string;
}

/**
 * What may go wrong between the agent and the instance. Throw an OraError to answer with it (3113: the connection is
 * lost); return a promise that never settles for a black hole.
 */
export interface DoorFaults {
  /** Before a session is opened. */
  connecting?(): Promise<void> | void;
  /** Before the statement reaches the instance: an error here means that nothing was done. */
  sending?(call: DoorCall): Promise<void> | void;
  /** After the statement was done, before its answer arrives. */
  answering?(call: DoorCall): Promise<void> | void;
}
