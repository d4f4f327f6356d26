import { OraError } from "../engine/ora-error.ts";
const later = (..._: readonly unknown[]): never => {
  throw new OraError(3001, "unimplemented feature");
};
export const dropFile = async (...a: readonly unknown[]): Promise<void> => later(a);
export const resizeFile = async (...a: readonly unknown[]): Promise<void> => later(a);
export const moveDatafile = async (...a: readonly unknown[]): Promise<void> => later(a);
export const offlineDatafile = async (...a: readonly unknown[]): Promise<void> => later(a);
export const autoextendFile = (...a: readonly unknown[]): void => later(a);
export const renameFile = (...a: readonly unknown[]): void => later(a);
export const createDatafile = (...a: readonly unknown[]): void => later(a);
export const onlineDatafile = (...a: readonly unknown[]): void => later(a);
