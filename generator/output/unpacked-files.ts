import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { dropInPath, unitPath } from '../renderers/shared/systemd-files.ts';

/** A file as it will lie on the node, by its absolute path; its text may hold holes. */
export interface UnpackedFile {
  readonly path: string;
  readonly content: string;
}

/** Every file that a payload brings, units and drop-ins at their places. */
export function unpackedFiles(plan: NodePlan): UnpackedFile[] {
  return [
    ...plan.files.map(({ path, content }) => ({ path, content })),
    ...plan.units.flatMap(({ name, content }) => (content === undefined ? [] : { path: unitPath(name), content })),
    ...plan.dropIns.map(({ unit, name, content }) => ({ path: dropInPath(unit, name), content })),
  ];
}
