import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { errorCode, makeFolder, systemErrorText } from './files.ts';
import { beforeLeaving, undisturbed } from './interrupts.ts';

/** Runs the task while nobody else does on this folder. Errors: somebody else has the lock; it cannot be made. */
export async function withLock<T>(folder: string, task: () => Promise<Checked<T>>): Promise<Checked<T>> {
  const { default: lockfile } = await import('proper-lockfile');
  let release: () => Promise<void>;
  try {
    makeFolder(dirname(folder));
    // A machine that slept for longer than the lock lives wakes up "compromised": every file is renamed into place, so
    // that the next run sets right what two at once may have mixed.
    const options = { realpath: false, stale: 10_000, onCompromised: () => undefined };
    release = await undisturbed(async () => {
      const unlock = await lockfile.lock(folder, options);
      // proper-lockfile's own way of doing this is lost when another release of signal-exit is loaded and unloaded.
      const stay = beforeLeaving(() => rmSync(`${folder}.lock`, { recursive: true, force: true }));
      return () => unlock().finally(stay);
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') {
      const text = `another triskel writes ${folder} at this moment`;
      return { value: undefined, diagnostics: [diagnostic('output/locked', text, [{ file: folder }])] };
    }
    if (errorCode(error) === undefined) throw error;
    const text = `${folder} cannot be locked: ${systemErrorText(error)}`;
    return { value: undefined, diagnostics: [diagnostic('output/unwritable', text, [{ file: folder }])] };
  }
  try {
    return await task();
  } finally {
    await undisturbed(() => release().catch(() => undefined));
  }
}
