import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { errorCode, systemErrorText } from './files.ts';
import { writeWholeFile } from './whole-file.ts';

/** Writes a report, whole or not at all. */
export function writeReport(file: string, content: string): readonly Diagnostic[] {
  try {
    writeWholeFile(file, content);
    return [];
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [diagnostic('output/unwritable', `${file}: ${systemErrorText(error)}`, [{ file }])];
  }
}
