import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { changesOf, type Changes, type EntryKind } from '../output/changes.ts';
import { errorCode, isAbsent, makeFolder, systemErrorText } from './files.ts';

/** What a folder of ours should hold. */
export interface WantedFolder {
  readonly root: string;
  /** Content by path below the root; written in this order, so that the manifest comes last. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Permission bits of files and folders; files with more bits are written anew. Default: the system's. */
  readonly modes?: { readonly file: number; readonly folder: number };
  /** A folder directly below the root that is somebody else's. */
  readonly except?: string;
  /** The paths that an earlier run wrote. */
  readonly owned: ReadonlySet<string>;
}

/** A file that is being written; what a crash leaves of it is removed by the next run. */
const UNFINISHED = '.triskel-unfinished';

/** Files between which timers get their turn, the lock's among them. */
const AT_ONCE = 1000;

/** Compares without writing. Errors: it cannot be read, or something is in the way of what is wanted. */
export function compareFolder(wanted: WantedFolder): Checked<Changes> {
  return withSystemErrors(wanted.root, () => {
    const { root, files, modes, owned } = wanted;
    const found = listFolder(wanted);
    const isSame = (path: string): boolean => hasContent(join(root, path), files.get(path) ?? '', modes?.file);
    const changes = changesOf(files.keys(), found, (path) => owned.has(path) || path.endsWith(UNFINISHED), isSame);
    const blocked = found.get('') === 'other' ? [root] : changes.blocked.map((path) => join(root, path));
    const diagnostics = blocked.map((path) =>
      diagnostic('output/not-a-plain-file', `${path} is in the way, and \`triskel generate\` did not write it`, [
        { file: path },
      ]),
    );
    return { value: diagnostics.length > 0 ? undefined : changes, diagnostics };
  });
}

/** Removes and writes what `changes` says, each file in one step. A crash in between is healed by the next run. */
export async function applyChanges(wanted: WantedFolder, changes: Changes): Promise<readonly Diagnostic[]> {
  const { root, files, modes } = wanted;
  const toWrite = new Set([...changes.missing, ...changes.changed]);
  const folders = new Set<string>();
  const steps = [
    ...changes.remove.map((path) => () => removeFile(root, path)),
    ...[...files.keys()]
      .filter((path) => toWrite.has(path))
      .map((path) => () => writeFile(join(root, path), files.get(path) ?? '', modes, folders)),
  ];
  const batches = Array.from({ length: Math.ceil(steps.length / AT_ONCE) }, (_, i) =>
    steps.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
  if (modes !== undefined && toWrite.size > 0) {
    const refused = attempt(root, () => prepareFolder(root, modes.folder));
    if (refused.length > 0) return refused;
  }
  for (const batch of batches) {
    const refused = attempt(root, () => batch.forEach((step) => step()));
    if (refused.length > 0) return refused;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [];
}

/** A file's text below the root; undefined when there is none. Errors: it cannot be read. */
export function readInFolder(root: string, path: string): Checked<string> {
  return withSystemErrors(root, () => {
    try {
      return { value: readFileSync(join(root, path), 'utf8'), diagnostics: [] };
    } catch (error) {
      if (isAbsent(error)) return { value: undefined, diagnostics: [] };
      throw error;
    }
  });
}

/** Everything below the root; `''` is the root itself where it is no folder. */
function listFolder({ root, except }: WantedFolder): Map<string, EntryKind> {
  const found = new Map<string, EntryKind>();
  try {
    if (!lstatSync(root).isDirectory()) return found.set('', 'other');
  } catch (error) {
    if (isAbsent(error)) return found;
    throw error;
  }
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (path === except) continue;
      const kind = kindOf(entry);
      found.set(path, kind);
      if (kind === 'folder') visit(path);
    }
  };
  visit('');
  return found;
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

function hasContent(path: string, content: string | Uint8Array, mode: number | undefined): boolean {
  const wanted = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  if (mode !== undefined && (lstatSync(path).mode & 0o777 & ~mode) !== 0) return false;
  return Buffer.compare(readFileSync(path), wanted) === 0;
}

function prepareFolder(root: string, mode: number): void {
  makeFolder(root, mode);
  chmodSync(root, mode);
}

/** `folders`: those that are known to be there. */
function writeFile(
  path: string,
  content: string | Uint8Array,
  modes: WantedFolder['modes'],
  folders: Set<string>,
): void {
  const unfinished = `${path}${UNFINISHED}`;
  if (!folders.has(dirname(path))) makeFolder(dirname(path), modes?.folder);
  folders.add(dirname(path));
  try {
    writeFileSync(unfinished, content, { flag: 'wx', mode: modes?.file ?? 0o666 });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    // A full disk is told without the file that was being written.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}

/** The folders that it leaves empty go, too. */
function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder));
    } catch (error) {
      if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST' || isAbsent(error)) return;
      throw error;
    }
  }
}

function attempt(root: string, action: () => void): readonly Diagnostic[] {
  return withSystemErrors(root, () => {
    action();
    return { value: undefined, diagnostics: [] };
  }).diagnostics;
}

/** What the system refuses is a diagnostic; anything else is our own fault and stays an exception. */
function withSystemErrors<T>(root: string, action: () => Checked<T>): Checked<T> {
  try {
    return action();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const path = (error as NodeJS.ErrnoException).path ?? root;
    const text = `${path}: ${systemErrorText(error)}`;
    return { value: undefined, diagnostics: [diagnostic('output/unwritable', text, [{ file: path }])] };
  }
}
