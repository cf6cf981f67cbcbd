import { byCodeUnit } from '../base/order.ts';

/** What lies at a path of a folder; other: symbolic links, sockets and the like. */
export type EntryKind = 'file' | 'folder' | 'other';

/** What has to happen for a folder to hold what is wanted. Paths are sorted. */
export interface Changes {
  readonly missing: readonly string[];
  /** There with other content, or as a folder that will be empty. */
  readonly changed: readonly string[];
  readonly unchanged: number;
  /** Written by an earlier run and no longer wanted. */
  readonly remove: readonly string[];
  /** Neither wanted nor written by an earlier run. */
  readonly unknown: readonly string[];
  /** What is in the way of something wanted and is not ours to remove. */
  readonly blocked: readonly string[];
}

/**
 * Compares a folder with what it should hold. `found`: everything in it, links not followed. `owned`: whether an earlier
 * run wrote the path. `isSame`: whether the file there has the wanted content.
 */
export function changesOf(
  wanted: Iterable<string>,
  found: ReadonlyMap<string, EntryKind>,
  owned: (path: string) => boolean,
  isSame: (path: string) => boolean,
): Changes {
  const files = new Set(wanted);
  const folders = new Set([...files].flatMap(foldersOf));
  const [missing, changed, remove, unknown, blocked] = [[], [], [], [], []] as string[][] as Lists;
  for (const [path, kind] of found) {
    if (files.has(path) || kind === 'folder') continue;
    if (kind === 'file' && owned(path)) remove.push(path);
    else (folders.has(path) ? blocked : unknown).push(path);
  }
  const emptied = new Set(remove.flatMap(foldersOf));
  for (const path of unknown.flatMap(foldersOf)) emptied.delete(path);
  let unchanged = 0;
  for (const path of files) {
    const kind = found.get(path);
    if (kind === undefined) missing.push(path);
    else if (kind === 'file' && isSame(path)) unchanged++;
    else if (kind === 'file' || (kind === 'folder' && emptied.has(path))) changed.push(path);
    else blocked.push(path);
  }
  const sorted = (list: readonly string[]): string[] => [...list].sort(byCodeUnit);
  return {
    missing: sorted(missing),
    changed: sorted(changed),
    unchanged,
    remove: sorted(remove),
    unknown: sorted(unknown),
    blocked: sorted(blocked),
  };
}

type Lists = [string[], string[], string[], string[], string[]];

/** `a/b/c` → `a`, `a/b` */
function foldersOf(path: string): string[] {
  const steps = path.split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}
