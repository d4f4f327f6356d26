import { OraError } from "../engine/ora-error.ts";
import type { ContainerRecord, ServiceRecord } from "./control-file.ts";
import type { SimulatedDatabase } from "./database.ts";

/** What DBMS_SERVICE does to a service. */
export type ServiceAction = "CREATE" | "DELETE" | "START" | "STOP";

/** A service that somebody made, beside those that the instance makes for the database and its PDBs. */
export interface ServiceView {
  readonly conId: number;
  readonly name: string;
  readonly networkName: string;
  readonly running: boolean;
}

export function listServices(database: SimulatedDatabase): ServiceView[] {
  return database.control.containers.flatMap(({ conId, services = [] }) =>
    services.map(({ name, networkName }) => ({
      conId,
      name,
      networkName,
      running: database.runningServices.has(keyOf(conId, name)),
    })),
  );
}

/** Names are compared in upper case; a service lives in its container. */
export function changeService(
  database: SimulatedDatabase,
  conId: number,
  service: { readonly name: string; readonly networkName?: string },
  action: ServiceAction,
): void {
  const container = database.control.containers.find((record) => record.conId === conId);
  if (container === undefined) throw new OraError(65_011, `Pluggable database ${conId} does not exist.`);
  const { name } = service;
  if (action === "CREATE") {
    if (found(container, name) !== undefined) throw new OraError(44_303, "service name exists");
    container.services = [
      ...(container.services ?? []),
      { name, networkName: service.networkName ?? name, startsWithContainer: false },
    ];
  } else changeKnown(database, container, name, action);
  database.writeControl();
}

function changeKnown(
  database: SimulatedDatabase,
  container: ContainerRecord,
  name: string,
  action: "DELETE" | "START" | "STOP",
): void {
  const record = found(container, name);
  if (record === undefined) throw new OraError(44_304, `service ${name} does not exist`);
  const key = keyOf(container.conId, record.name);
  const running = database.runningServices.has(key);
  if (action === "STOP" && !running) throw new OraError(44_311, `service ${name} not running`);
  if (action !== "STOP" && running) throw new OraError(44_305, `service ${name} is running`);
  if (action === "START") database.runningServices.add(key);
  if (action === "STOP") database.runningServices.delete(key);
  if (action === "DELETE") container.services = container.services?.filter((other) => other !== record) ?? [];
}

/** SAVE STATE also remembers which services run. */
export function saveRunningServices(
  database: SimulatedDatabase,
  container: ContainerRecord,
  keep: boolean,
): void {
  for (const service of container.services ?? [])
    service.startsWithContainer = keep && database.runningServices.has(keyOf(container.conId, service.name));
}

export function startSavedServices(database: SimulatedDatabase, container: ContainerRecord): void {
  for (const { name, startsWithContainer } of container.services ?? [])
    if (startsWithContainer) database.runningServices.add(keyOf(container.conId, name));
}

export function stopServices(database: SimulatedDatabase, conId: number): void {
  for (const key of database.runningServices)
    if (key.startsWith(`${conId}/`)) database.runningServices.delete(key);
}

function found(container: ContainerRecord, name: string): ServiceRecord | undefined {
  return container.services?.find((service) => service.name.toUpperCase() === name.toUpperCase());
}

const keyOf = (conId: number, name: string): string => `${conId}/${name.toUpperCase()}`;
