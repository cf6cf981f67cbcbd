import type { Cluster } from '../cluster/cluster.ts';
import type { Checked } from '../diagnostics/diagnostic.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';

/** What an operating system changes: it turns the neutral plan into files, units and packages of its own kind. */
export interface Platform {
  /**
   * Afterwards downloads, sysctls and kernel modules are files and units, and packages are this system's; what the
   * format states by itself (users, filesystems on Ignition) stays an item.
   */
  readonly adapt: (plan: NodePlan, cluster: Cluster) => Checked<NodePlan>;
}
