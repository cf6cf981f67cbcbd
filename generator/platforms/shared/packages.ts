import type { ClusterNode } from '../../cluster/cluster.ts';
import { packagesOf, systemFacts } from '../../cluster/systems.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PackageItem, PlanItem } from '../../nodeplan/items.ts';

/** Neutral package items → items of this system's own packages; what it cannot have is refused with the reason. */
export function systemPackages(
  items: readonly Extract<PlanItem, { kind: 'package' }>[],
  { os, origin }: ClusterNode,
): Checked<PackageItem[]> {
  const diagnostics: Diagnostic[] = [];
  const value = items.flatMap((item): PackageItem[] => {
    const found = packagesOf(os.name, item.name);
    if (found === 'image') return [];
    if (typeof found !== 'string') return found.names.map((name) => ({ kind: 'package', name }));
    const text = `${systemFacts[os.name].title} cannot have ${item.name}: ${found}`;
    diagnostics.push(diagnostic('plan/not-on-this-system', text, [at(item.origin ?? origin)]));
    return [];
  });
  return { value, diagnostics };
}
