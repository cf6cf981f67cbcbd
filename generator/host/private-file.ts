import writeFileAtomic from 'write-file-atomic';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { accessError } from './identity.ts';

/** Writes a file that its owner alone may read, whole or not at all. */
export function writePrivateFile(file: string, content: string | Uint8Array): readonly Diagnostic[] {
  try {
    writeFileAtomic.sync(file, typeof content === 'string' ? content : Buffer.from(content), { mode: 0o600 });
    return [];
  } catch (error) {
    return [accessError(file, 'written', error)];
  }
}
