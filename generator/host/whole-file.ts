import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { errorCode, isAbsent } from './files.ts';

/**
 * Writes a file in one step: afterwards it is the new one, or, with the system's error, the old one. A link stays a link,
 * an owner stays the owner, and so do permission bits unless `mode` is given.
 */
export function writeWholeFile(file: string, content: string | Uint8Array, mode?: number): void {
  const target = realPathOf(file);
  const before = statSync(target, { throwIfNoEntry: false });
  const unfinished = `${target}.${String(process.pid)}.unfinished`;
  const bits = mode ?? before?.mode;
  try {
    const descriptor = openSync(unfinished, 'w', bits ?? 0o666);
    try {
      // Goes on after a short write, as a disk that fills up makes it, and so comes to the error that follows.
      writeFileSync(descriptor, content);
      if (before !== undefined) keepOwner(descriptor, before);
      if (bits !== undefined) fchmodSync(descriptor, bits & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch (error) {
    if (isAbsent(error)) return file;
    throw error;
  }
}

/** Somebody else's file may be ours to write and not ours to give back. */
function keepOwner(descriptor: number, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
  }
}
