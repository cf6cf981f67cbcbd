import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { errorCode, makeFolder, readIfThere, systemErrorText } from './files.ts';

/** Of the volume and its files, in seconds since 1970: no date makes a difference (reproducible-builds.org, SOURCE_DATE_EPOCH). */
const DATE = 1_000_000_000;

/** A payload of boot/. Errors: it is not there, or cannot be read. */
export function readPayload(file: string): Checked<Uint8Array> {
  try {
    const value = readIfThere(file);
    const absent = diagnostic('output/no-payload', `${file} is not there`, [{ file }]);
    return { value, diagnostics: value === undefined ? [absent] : [] };
  } catch (error) {
    const text = `${file}: ${systemErrorText(error)}`;
    return { value: undefined, diagnostics: [diagnostic('output/unwritable', text, [{ file }])] };
  }
}

/**
 * Writes an ISO 9660 volume that holds these files, readable by its owner alone, whole or not at all. The same files make
 * the same bytes. Errors: xorriso is missing or fails; the folder cannot be written.
 */
export async function writeIso(
  file: string,
  label: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<readonly Diagnostic[]> {
  let folder: string | undefined;
  try {
    makeFolder(dirname(file));
    // Beside the ISO: what may lie there is as secret as what lies here, and a rename stays within one disk.
    folder = mkdtempSync(join(dirname(file), '.iso-'));
    const content = join(folder, 'content');
    mkdirSync(content);
    for (const [name, text] of files) {
      writeFileSync(join(content, name), text, { mode: 0o600 });
      utimesSync(join(content, name), DATE, DATE);
    }
    utimesSync(content, DATE, DATE);
    const unfinished = join(folder, 'iso');
    const volume = ['-volid', label, '-joliet', '-rational-rock', '-output', unfinished, content];
    const env = { PATH: process.env['PATH'], SOURCE_DATE_EPOCH: String(DATE) };
    await promisify(execFile)('xorriso', ['-as', 'mkisofs', '-quiet', ...volume], { env });
    chmodSync(unfinished, 0o600);
    renameSync(unfinished, file);
    return [];
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'spawn xorriso')
      return [diagnostic('output/iso-failed', 'xorriso is not installed')];
    const said = (error as { readonly stderr?: unknown }).stderr;
    if (typeof said === 'string') return [diagnostic('output/iso-failed', `xorriso failed: ${said.trim()}`)];
    if (errorCode(error) === undefined) throw error;
    return [diagnostic('output/unwritable', `${file}: ${systemErrorText(error)}`, [{ file }])];
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
