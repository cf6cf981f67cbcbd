import type { Cluster } from '../../generator/cluster/cluster.ts';
import { addonSet, type AddonSet } from '../../generator/components/addons/set.ts';
import type { Addon } from '../../generator/components/component.ts';
import { components } from '../../generator/components/index.ts';

export function addonsOf(cluster: Cluster): Addon[] {
  return components.flatMap((component) => component.addon?.(cluster) ?? []);
}

/** The whole set of a cluster; throws when it has errors. */
export function setOf(cluster: Cluster): AddonSet {
  const { value, diagnostics } = addonSet(cluster, addonsOf(cluster));
  if (value === undefined || diagnostics.length > 0) throw new Error(diagnostics.map((d) => d.message).join('\n'));
  return value;
}
