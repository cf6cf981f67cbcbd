import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { readText, systemErrorText } from './files.ts';
import { writeWholeFile } from './whole-file.ts';

/**
 * Writes a blueprint in place of the one that was read, in one step: afterwards it is the new one, or, with a diagnostic,
 * the old one.
 */
export function replaceBlueprint(file: string, before: string, text: string): readonly Diagnostic[] {
  const refuse = (message: string): Diagnostic[] => [diagnostic('upgrade/unwritable', message, [{ file }])];
  if (readText(file).value !== before) return refuse(`${file} was changed while this command ran`);
  try {
    writeWholeFile(file, text);
    return [];
  } catch (error) {
    return refuse(`${file} cannot be written: ${systemErrorText(error)}`);
  }
}
