import { canSay, firstSpecWith } from '../../cluster/ignition.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';

/** What the plan asks for and the chosen version of Ignition's spec cannot say: Ignition would leave it out in silence. */
export function ignitionLimits({ node, files, directories }: NodePlan): Diagnostic[] {
  const version = node.os.ignition;
  if (version === undefined || canSay(version, 'special-mode-bits')) return [];
  const items: readonly Extract<PlanItem, { mode: number }>[] = [...files, ...directories];
  return items
    .filter(({ mode }) => (mode & 0o7000) !== 0)
    .map((item) =>
      diagnostic(
        'plan/ignition-version',
        `${node.name}: ${item.path} has the mode ${item.mode.toString(8)}, and Ignition ${version} takes no setuid, setgid or sticky bit; ${firstSpecWith('special-mode-bits')} does`,
        [at(item.origin ?? node.origin)],
      ),
    );
}
