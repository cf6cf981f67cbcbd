import type { Checked, Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import { mergeItems } from '../../nodeplan/merge.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';

/** The plan without the items of the kinds that were translated, and with what they were translated into. */
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
  const merged = mergeItems(node, [...kept, ...added]);
  return { value: merged.value, diagnostics: [...diagnostics, ...merged.diagnostics] };
}
