import type { Pins } from '../cluster/cluster.ts';
import { formatPins } from '../cluster/pins.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { systemErrorText } from './files.ts';
import { writeWholeFile } from './whole-file.ts';

/** Writes a pins file in one step: afterwards it is the new one, or, with a diagnostic, the old one. */
export function writePins(file: string, pins: Pins): readonly Diagnostic[] {
  try {
    writeWholeFile(file, formatPins(pins));
    return [];
  } catch (error) {
    const message = `${file} cannot be written: ${systemErrorText(error)}`;
    return [diagnostic('pin/unwritable', message, [{ file }])];
  }
}
