import { unitNameOfPath } from '../../base/systemd.ts';
import type { Checked, Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import { mergeItems } from '../../nodeplan/merge.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import { bootReportItems } from './boot-report.ts';
import { withoutComments } from './scripts.ts';

/**
 * The plan without the items of the kinds that were translated, and with what they were translated into; with the boot
 * report of every phase, mounts included.
 */
export function adapted(
  plan: NodePlan,
  translated: readonly PlanItem['kind'][],
  added: readonly PlanItem[],
  diagnostics: readonly Diagnostic[],
): Checked<NodePlan> {
  const { node, ...lists } = plan;
  const kept = Object.values(lists).flatMap((items: readonly PlanItem[]) =>
    items.filter((item) => !translated.includes(item.kind)),
  );
  const disks = plan.filesystems.map(
    ({ path }) => ({ kind: 'phase', phase: 'disk', unit: unitNameOfPath(path, 'mount') }) as const,
  );
  const all = [...kept, ...added, ...disks];
  const phases = all.filter((item) => item.kind === 'phase');
  const items = [...all.filter((item) => item.kind !== 'phase'), ...bootReportItems(phases)];
  const merged = mergeItems(
    node,
    items.map((item) => (item.kind === 'file' ? { ...item, content: withoutComments(item.content) } : item)),
  );
  return { value: merged.value, diagnostics: [...diagnostics, ...merged.diagnostics] };
}
