import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { didYouMean } from '../base/suggestions.ts';
import type { Code } from '../diagnostics/catalog/index.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';

const MEGABYTE = 1024 * 1024;
/** Of a text that people write: blueprints, fragments, manifests, pins. */
const MAX_TEXT = 10 * MEGABYTE;

/** A file's UTF-8 text, its byte order mark kept. Never throws: what stands in the way is a diagnostic. */
export function readText(file: string): Checked<string> {
  const refuse = (code: Code, message: string): Checked<string> => ({
    value: undefined,
    diagnostics: [diagnostic(code, message, [{ file }])],
  });
  let bytes: Uint8Array;
  try {
    const found = readAtMost(file, MAX_TEXT);
    if (found === undefined)
      return refuse('parse/too-large', `the file has more than ${String(MAX_TEXT / MEGABYTE)} MiB`);
    bytes = found;
  } catch (error) {
    return refuse('parse/unreadable', unreadable(file, error));
  }
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), diagnostics: [] };
  } catch {
    return refuse('parse/not-text', 'the file is not UTF-8 text');
  }
}

/** True for whatever lies at the path, readable or not. */
export function isThere(path: string): boolean {
  return existsSync(path);
}

/** Bytes of a file that is there, undefined of one that is not; any other failure throws the system's error. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** True for the system's "no such file". */
export function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** ENOENT, EACCES, …; undefined for errors that are not the system's. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && 'syscall' in (error as object) ? code : undefined;
}

/** A system error in words for people, without the path. */
export function systemErrorText(error: unknown): string {
  const code = errorCode(error);
  const known = code === undefined ? undefined : WORDS[code];
  return known ?? code ?? (error instanceof Error ? error.message : String(error));
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENOENT: 'there is no such file',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** Why a file cannot be read, with the name that may have been meant. */
export function unreadable(file: string, error: unknown): string {
  const text = systemErrorText(error);
  return isAbsent(error) ? `${text}.${didYouMean(basename(file), neighbours(file))}` : text;
}

function neighbours(file: string): string[] {
  try {
    return readdirSync(dirname(file));
  } catch {
    return [];
  }
}

/**
 * The whole of a file, or of an open one; undefined when it is larger. A pipe has no size, so that what was read is counted.
 */
export function readAtMost(file: string | number, limit: number): Uint8Array | undefined {
  const descriptor = typeof file === 'number' ? file : openSync(file, 'r');
  try {
    if (fstatSync(descriptor).size > limit) return undefined;
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = new Uint8Array(64 * 1024);
      const read = readSync(descriptor, chunk);
      if (read === 0) return Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, read));
      total += read;
      if (total > limit) return undefined;
    }
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
}
