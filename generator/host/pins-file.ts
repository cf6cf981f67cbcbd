import writeFileAtomic from 'write-file-atomic';
import type { Pins } from '../cluster/cluster.ts';
import { formatPins } from '../cluster/pins.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { systemErrorText } from './files.ts';

/** Writes a pins file in one step: afterwards it is the new one, or, with a diagnostic, the old one. */
export async function writePins(file: string, pins: Pins): Promise<readonly Diagnostic[]> {
  try {
    await writeFileAtomic(file, formatPins(pins));
    return [];
  } catch (error) {
    const message = `${file} cannot be written: ${systemErrorText(error)}`;
    return [diagnostic('pin/unwritable', message, [{ file }])];
  }
}
