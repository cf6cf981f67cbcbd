import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { byCodeUnit } from '../base/order.ts';
import type { ReadText } from '../blueprint/parse.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { errorCode, isAbsent, isThere, readText, systemErrorText } from './files.ts';

/** The files of one blueprint, each read once, so that diagnostics quote what was compiled. */
export interface BlueprintFiles {
  readonly read: ReadText;
  /** Undefined: there is no such file. */
  readonly readIfThere: (file: string) => Checked<string> | undefined;
  /** A text that was read before. */
  readonly textOf: (file: string) => string | undefined;
}

/** The files as they lie on the disk, or as `given`; names in a file are relative to that file. */
export function blueprintFiles(given: ReadonlyMap<string, string> = new Map()): BlueprintFiles {
  const texts = new Map<string, Checked<string>>();
  for (const [file, value] of given) texts.set(file, { value, diagnostics: [] });
  const readOnce = (file: string): Checked<string> => {
    const text = texts.get(file) ?? readText(file);
    texts.set(file, text);
    return text;
  };
  return {
    read: (name, from) => {
      const file = from === undefined || isAbsolute(name) ? name : join(dirname(from), name);
      return { file, text: readOnce(file) };
    },
    readIfThere: (file) => (texts.has(file) || isThere(file) ? readOnce(file) : undefined),
    textOf: (file) => texts.get(file)?.value,
  };
}

/** The blueprints of a folder, sorted: every YAML file with an apiVersion of ours. Its sub-folders hold fragments. */
export function listBlueprints(folder: string): Checked<readonly string[]> {
  try {
    const files = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /(?<!\.pins)\.ya?ml$/.test(entry.name))
      .map((entry) => join(folder, entry.name))
      .filter((file) => /^apiVersion:\s*['"]?triskel\//m.test(readText(file).value ?? ''));
    return { value: files.sort(byCodeUnit), diagnostics: [] };
  } catch (error) {
    if (isAbsent(error)) return { value: [], diagnostics: [] };
    if (errorCode(error) === undefined) throw error;
    const text = `${folder}: ${systemErrorText(error)}`;
    return { value: undefined, diagnostics: [diagnostic('parse/unreadable', text, [{ file: folder }])] };
  }
}
