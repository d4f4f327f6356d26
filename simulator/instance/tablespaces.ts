import { OraError } from "../engine/ora-error.ts";
const later = (..._: readonly unknown[]): never => {
  throw new OraError(3001, "unimplemented feature");
};
export const createTablespace = async (...a: readonly unknown[]): Promise<void> => later(a);
export const dropTablespace = async (...a: readonly unknown[]): Promise<void> => later(a);
export const addFile = async (...a: readonly unknown[]): Promise<void> => later(a);
export const setTablespace = async (...a: readonly unknown[]): Promise<void> => later(a);
