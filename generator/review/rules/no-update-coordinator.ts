import type { ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import { holdsTheCluster } from '../node-kinds.ts';
import { objectsOf } from '../manifest-pods.ts';
import type { Rule } from '../rule.ts';
import page from './no-update-coordinator.md';

/** Agents that reboot one node at a time, by the names of their objects: kured, Flatcar Linux Update Operator, FleetLock. */
const COORDINATORS = /\b(kured|flatcar-linux-update-(agent|operator)|fleetlock)\b/;

/** Machines that hold the cluster update and reboot when the operator says so, and somebody has to know. */
export const noUpdateCoordinator: Rule = {
  code: 'review/no-update-coordinator',
  page,
  find(cluster) {
    if (objectsOf(cluster).some(({ what }) => COORDINATORS.test(what))) return [];
    const alone = cluster.nodes.filter(
      (node) => holdsTheCluster(cluster, node) && updatesItself(node) && node.os.fleetLock === undefined,
    );
    const [first] = alone;
    if (first === undefined) return [];
    const names = alone.map(({ name }) => name).join(', ');
    const message = `the system’s own updates and reboots are off on ${names}, and no coordinator does them one after the other`;
    return [{ message, places: [at(first.origin)] }];
  },
};

/** Systems that are one image and replace it by themselves, unless they are kept from it as Triskel does. */
function updatesItself({ os }: ClusterNode): boolean {
  return systemFacts[os.name].packageManager === 'none';
}
