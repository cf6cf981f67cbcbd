import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { listBlueprints } from '../host/blueprint-files.ts';

/** The folder in which blueprints are looked for when none is named. */
const FOLDER = 'blueprints';

/** The named blueprints, or all of the folder's. Error: there is none. */
export function blueprintsOr(named: readonly string[]): Checked<readonly string[]> {
  if (named.length > 0) return { value: [...new Set(named)], diagnostics: [] };
  const found = listBlueprints(FOLDER);
  if (found.value === undefined || found.value.length > 0) return found;
  return { value: undefined, diagnostics: [diagnostic('cli/no-blueprints', `there is no blueprint in ${FOLDER}/`)] };
}
