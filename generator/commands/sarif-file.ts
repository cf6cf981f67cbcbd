import { isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { sarifLog } from '../diagnostics/sarif.ts';
import { errorCode, systemErrorText } from '../host/files.ts';
import { writeWholeFile } from '../host/whole-file.ts';
import { pageOf } from '../review/rules.ts';
import { locateFile, type Outcome } from './context.ts';

/** Writes what was told as one SARIF log, also where nothing was found. Error: the file cannot be written. */
export function writeSarif(
  file: string,
  told: readonly Outcome[],
  { version, exitCode }: { readonly version: string; readonly exitCode: number },
): readonly Diagnostic[] {
  const parts = told.map(({ diagnostics = [], locate = locateFile, about = '.' }) => ({ diagnostics, locate, about }));
  const log = sarifLog(parts, { version, exitCode, pageOf, uriOf });
  try {
    writeWholeFile(file, `${JSON.stringify(log, undefined, 2)}\n`);
    return [];
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [diagnostic('output/unwritable', `${file}: ${systemErrorText(error)}`, [{ file }])];
  }
}

/** Below the folder that the program runs in, code scanning finds files by their relative URI; it knows no others. */
function uriOf(file: string): string {
  const path = relative('', resolve(file));
  const url = pathToFileURL(resolve(file)).href;
  const isBelow = path !== '' && path !== '..' && !path.startsWith('../') && !isAbsolute(path);
  return isBelow ? url.slice(pathToFileURL(`${resolve('.')}/`).href.length) : url;
}
