import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { WantedFolder } from '../host/folder.ts';
import type { Changes } from '../output/changes.ts';

/** An error when the output folder is not what the blueprint generates. */
export function staleTree(file: string, wanted: WantedFolder, changes: Changes): Diagnostic[] {
  const { missing, changed, remove, unknown } = changes;
  const extra = remove.length + unknown.length;
  if (missing.length + changed.length + extra === 0) return [];
  const counts = `${String(missing.length)} missing, ${String(changed.length)} changed, ${String(extra)} extra`;
  return [diagnostic('output/stale', `${wanted.root} differs from ${file}: ${counts}`, [{ file: wanted.root }])];
}
