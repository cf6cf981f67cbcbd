import type { Cluster } from '../cluster/cluster.ts';
import type { Mover } from '../cluster/endpoint.ts';

/** Every drill, in the order in which they are run. */
export const DRILLS = [
  'cold-start',
  'api-killed',
  'haproxy-killed',
  'mover-killed',
  'node-killed',
  'node-cut',
  'all-but-one-killed',
  'all-rebooted',
  'node-replaced',
] as const;

export type DrillName = (typeof DRILLS)[number];

const TITLES: Readonly<Record<DrillName, string>> = {
  'cold-start': 'nodes boot from nothing in an order of chance, one of them late',
  'api-killed': 'the API server on the virtual IP’s holder is killed',
  'haproxy-killed': 'haproxy on the virtual IP’s holder is killed',
  'mover-killed': 'what moves the virtual IP is killed on its holder',
  'node-killed': 'the virtual IP’s holder loses its power',
  'node-cut': 'the virtual IP’s holder is cut off the network',
  'all-but-one-killed': 'all control-plane nodes but one lose their power',
  'all-rebooted': 'every node is rebooted at once',
  'node-replaced': 'a node comes back with an empty disk, and its etcd member is replaced',
};

/** What a drill does, for people; without a virtual IP the holder is the first control-plane node. */
export function titleOf(drill: DrillName, hasVirtualIp: boolean): string {
  return hasVirtualIp
    ? TITLES[drill]
    : TITLES[drill].replace('the virtual IP’s holder', 'the first control-plane node');
}

/** Milliseconds that a gap may have, whatever the timers say: a process that failed, a node that did. */
const PROCESS_TARGET = 3000;
const NODE_TARGETS = { keepalived: 5000, pacemaker: 10_000, 'kube-vip': 10_000 } as const;

/** What moves the API's virtual IP; undefined: it has none. */
export function apiMover({ virtualIps }: Cluster): Mover | undefined {
  return virtualIps.find(({ serves }) => serves === 'api')?.movedBy;
}

/** The longest gap that a drill may show, in milliseconds; undefined: it is about something else than a gap. */
export function targetOf(drill: DrillName, cluster: Cluster): number | undefined {
  const mover = apiMover(cluster);
  if (drill === 'api-killed' || drill === 'haproxy-killed' || drill === 'mover-killed') return PROCESS_TARGET;
  if (drill === 'node-killed' || drill === 'node-cut')
    return mover === undefined ? PROCESS_TARGET : NODE_TARGETS[mover];
  return undefined;
}

/** Why a drill cannot be run on a cluster; undefined: it can. */
export function whyNot(drill: DrillName, cluster: Cluster): string | undefined {
  const several = cluster.controlPlaneNodes.length > 1;
  const quorum = Math.floor(cluster.etcdNodes.length / 2);
  switch (drill) {
    case 'haproxy-killed':
      if (cluster.endpoint.balancer !== 'haproxy') return 'no haproxy';
      return apiMover(cluster) === undefined ? 'no virtual IP leads to a haproxy' : undefined;
    case 'mover-killed':
      return apiMover(cluster) === undefined ? 'no virtual IP' : undefined;
    case 'node-killed':
    case 'node-cut':
      return several && quorum > 0 ? undefined : 'nothing is left when the only node fails';
    case 'all-but-one-killed':
    case 'node-replaced':
      if (cluster.controlPlane.runs === 'k3s') return 'k3s runs etcd within itself, and a stand-in has none';
      return cluster.etcdNodes.length > 2 ? undefined : 'fewer than three etcd members';
    default:
      return undefined;
  }
}
