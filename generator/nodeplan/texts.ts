import type { NodePlan } from './nodeplan.ts';

/** The plan with every text that may hold holes rewritten: how holes are filled, or their sizes are tried. */
export function mapTexts(plan: NodePlan, change: (text: string) => string): NodePlan {
  return {
    ...plan,
    files: plan.files.map((file) => ({ ...file, content: change(file.content) })),
    units: plan.units.map((unit) => (unit.content === undefined ? unit : { ...unit, content: change(unit.content) })),
    dropIns: plan.dropIns.map((dropIn) => ({ ...dropIn, content: change(dropIn.content) })),
    filesystems: plan.filesystems.map((filesystem) => ({ ...filesystem, device: change(filesystem.device) })),
  };
}
