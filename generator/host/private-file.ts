import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { accessError } from './identity.ts';
import { writeWholeFile } from './whole-file.ts';

/** Writes a file that its owner alone may read, whole or not at all. */
export function writePrivateFile(file: string, content: string | Uint8Array): readonly Diagnostic[] {
  try {
    writeWholeFile(file, content, 0o600);
    return [];
  } catch (error) {
    return [accessError(file, 'written', error)];
  }
}
