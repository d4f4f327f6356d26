import type { FileReference, FileSpec } from "../../instance/api.ts";
import { fail } from "../errors.ts";
import type { Parser } from "../syntax/parser.ts";

const DEFAULT_NEXT = 1024 ** 2;
const SMALLFILE_BLOCKS = 4_194_302;
const DEFAULT_BLOCK = 8192;
const DEFAULT_SIZE = 100 * 1024 ** 2;

/** A datafile by number or path. */
export function parseFileReference(cursor: Parser): FileReference {
  const path = cursor.acceptString();
  return path === undefined ? { number: cursor.integer() } : { path };
}

export function parseFileReferences(cursor: Parser): FileReference[] {
  const files = [parseFileReference(cursor)];
  while (cursor.acceptOp(",")) files.push(parseFileReference(cursor));
  return files;
}

/** 'path' SIZE n REUSE AUTOEXTEND ON NEXT n MAXSIZE n|UNLIMITED. */
function parseFileSpec(cursor: Parser): FileSpec {
  const path = cursor.string();
  if (path === "") throw fail(2236);
  const bytes = cursor.accept("SIZE") ? cursor.bytes() : DEFAULT_SIZE;
  const reuse = cursor.accept("REUSE");
  const autoextend = cursor.isWord("AUTOEXTEND") ? parseAutoextend(cursor) : null;
  return { path, bytes, reuse, autoextend };
}

export function parseFileSpecs(cursor: Parser): FileSpec[] {
  const files = [parseFileSpec(cursor)];
  while (cursor.acceptOp(",")) files.push(parseFileSpec(cursor));
  return files;
}

/** AUTOEXTEND OFF is null. */
export function parseAutoextend(cursor: Parser): FileSpec["autoextend"] {
  cursor.expect("AUTOEXTEND");
  if (cursor.accept("OFF")) return null;
  cursor.expect("ON");
  const nextBytes = cursor.accept("NEXT") ? cursor.bytes() : DEFAULT_NEXT;
  const limited = cursor.accept("MAXSIZE") && !cursor.accept("UNLIMITED");
  return { nextBytes, maxBytes: limited ? cursor.bytes() : SMALLFILE_BLOCKS * DEFAULT_BLOCK };
}

export function parsePaths(cursor: Parser): string[] {
  const paths = [cursor.string()];
  while (cursor.acceptOp(",")) paths.push(cursor.string());
  return paths;
}
