import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { didYouMean } from '../base/suggestions.ts';
import type { Code } from '../diagnostics/catalog/index.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';

const MEGABYTE = 1024 * 1024;
/** Of a text that people write: blueprints, fragments, manifests, pins. */
const MAX_TEXT = 10 * MEGABYTE;
/** Of what we write ourselves, the secrets of thousands of nodes among it. */
const MAX_FILE = 512 * MEGABYTE;
/** How long a pipe may be silent, and how often it is asked meanwhile, in milliseconds. */
const PATIENCE = 10_000;
const PAUSE = 20;

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
    const bytes = readAtMost(path, MAX_FILE);
    if (bytes === undefined) throw systemError('EFBIG', 'read', path);
    return bytes;
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
  // EDQUOT, which libuv has no name for.
  'Unknown system error -122': 'the disk quota is used up',
  EACCES: 'permission denied',
  EAGAIN: 'nothing came out of it for ten seconds',
  EEXIST: 'something else has its name',
  EFBIG: 'it is too large',
  EIO: 'the disk cannot be read or written',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links go in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file',
  ENXIO: 'it is no file that can be read',
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
 * The whole of a file, or of an open one; undefined when it is larger. A pipe has no size, so that what was read is
 * counted, and one that is opened here may be silent for ten seconds.
 */
export function readAtMost(file: string | number, limit: number): Buffer | undefined {
  const isOpen = typeof file === 'number';
  // Without O_NONBLOCK a pipe that nobody writes into would hold the program beyond the reach of any signal handler.
  const descriptor = isOpen ? file : openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(descriptor);
    if (status.size > limit) return undefined;
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (let waited = 0; ;) {
      const chunk = new Uint8Array(64 * 1024);
      const read = readNow(descriptor, chunk);
      // A named pipe that nobody has opened to write is at its end already.
      const isSilent = read === undefined || (read === 0 && total === 0 && !isOpen && status.isFIFO());
      if (isSilent) {
        if (waited >= PATIENCE && !isOpen) throw systemError('EAGAIN', 'read', file);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
        waited += PAUSE;
        continue;
      }
      if (read === 0) return Buffer.concat(chunks, total);
      waited = 0;
      chunks.push(chunk.subarray(0, read));
      total += read;
      if (total > limit) return undefined;
    }
  } finally {
    if (!isOpen) closeSync(descriptor);
  }
}

/** What can be read at once, in bytes; undefined: nothing yet. */
function readNow(descriptor: number, chunk: Uint8Array): number | undefined {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

function systemError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} ${path}`), { code, syscall, path });
}

/** `mkdir -p`. Node's own goes round in a circle where a folder takes no new ones but says that there is none (/proc). */
export function makeFolder(folder: string, mode?: number): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && dirname(folder) !== folder && !existsSync(dirname(folder))) {
      makeFolder(dirname(folder), mode);
      makeFolder(folder, mode);
    } else if (code !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}
