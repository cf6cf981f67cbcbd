import { toYaml } from '../../base/yaml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import { desiredResources } from './desired/index.ts';

/**
 * cloud.yaml: what a boot makes, for review; undefined where the cluster is on no cloud. `$of` stands for what only the cloud
 * knows.
 */
export function cloudText(cluster: Cluster, plans: readonly NodePlan[]): string | undefined {
  const resources = desiredResources(cluster, plans);
  if (resources.length === 0) return undefined;
  return toYaml(
    resources.map(({ key, name, after, spec }) => ({ key, name, ...(after.length > 0 ? { after } : {}), spec })),
  );
}
