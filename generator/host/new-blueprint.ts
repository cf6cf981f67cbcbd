import { readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { errorCode, makeFolder, systemErrorText } from './files.ts';
import { writeWholeFile } from './whole-file.ts';

/** Writes a file for people; over one that is there only with `force`. */
export function createFile(file: string, text: string, force: boolean): readonly Diagnostic[] {
  try {
    makeFolder(dirname(file));
    if (force) writeWholeFile(file, text);
    else writeFileSync(file, text, { flag: 'wx' });
    return [];
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'EEXIST') return [diagnostic('cli/already-there', `${file} is there already`, [{ file }])];
    return [diagnostic('output/unwritable', `${file}: ${systemErrorText(error)}`, [{ file }])];
  }
}

/** The user's public SSH keys, as files. */
export function listPublicKeys(): string[] {
  const folder = join(homedir(), '.ssh');
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pub'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Where an editor finds the published schema, from the file's folder. */
export function schemaPathFrom(file: string): string {
  // Relative to the bundle in dist/.
  const schema = fileURLToPath(new URL('../generator/blueprint/blueprint.schema.json', import.meta.url));
  return relative(dirname(file), schema);
}
