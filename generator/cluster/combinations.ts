import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode, ControlPlaneKind } from './cluster.ts';
import type { Endpoint, EndpointType } from './endpoint.ts';
import type { Report } from './report.ts';

/** Why a control plane and an endpoint do not go together; pairs that are not here do. */
const REFUSED: Readonly<Partial<Record<ControlPlaneKind, Partial<Record<EndpointType, string>>>>> = {
  k3s: { loopback: 'every k3s agent balances over the servers by itself, and needs no haproxy beside it' },
};

/** Refuses what does not go together: how the control plane runs, how it is reached, and what nodes are there for. */
export function refuseCombinations(
  blueprint: Blueprint,
  cluster: { runs: ControlPlaneKind; endpoint: Endpoint | undefined; nodes: readonly ClusterNode[] },
  report: Report,
): void {
  const { runs, endpoint, nodes } = cluster;
  const type = endpoint?.type ?? 'external';
  const places = [at(['endpoint', 'type']), at(['controlPlane', 'runs'])];
  const why = REFUSED[runs]?.[type];
  if (why !== undefined)
    report(diagnostic('cluster/combination', `endpoint.type ${type} does not go with ${runs}: ${why}`, places));
  refuseBalancer(blueprint, endpoint, report);
  if (runs === 'k3s') {
    for (const node of nodes.filter(({ roles }) => roles.includes('etcd') && !roles.includes('control-plane'))) {
      const text = `${node.name} is an etcd member, and k3s runs etcd within its servers`;
      report(diagnostic('cluster/combination', text, [at([...node.origin, 'roles']), at(['controlPlane', 'runs'])]));
    }
  }
  const idle = nodes.find(({ roles }) => roles.length === 1 && roles[0] === 'load-balancer');
  if (
    idle !== undefined &&
    blueprint.endpoint?.holders !== 'load-balancer' &&
    blueprint.publishedServices === undefined
  ) {
    const text = `${idle.name} balances nothing: neither endpoint.holders nor publishedServices asks for it`;
    report(diagnostic('cluster/role-conflict', text, [at([...idle.origin, 'roles'])]));
  }
}

/** haproxy where nothing of ours is at the endpoint, and none where nothing else would be there. */
function refuseBalancer({ endpoint: given }: Blueprint, endpoint: Endpoint | undefined, report: Report): void {
  if (given === undefined || endpoint === undefined) return;
  const { type, balancer } = endpoint;
  const places = [at(['endpoint', 'balancer']), at(['endpoint', 'type'])];
  if (balancer === 'haproxy' && (type === 'external' || type === 'openstack-load-balancer'))
    report(diagnostic('cluster/combination', `haproxy balances on nodes, and endpoint.type is ${type}`, places));
  if (balancer === 'none' && type === 'loopback')
    report(diagnostic('cluster/combination', 'nothing but haproxy listens on the loopback of every node', places));
  if (type === 'kube-vip' && given.holders === 'load-balancer') {
    const text = 'kube-vip elects the holder by the API server of its own node, and load-balancer nodes have none';
    report(diagnostic('cluster/combination', text, [at(['endpoint', 'type']), at(['endpoint', 'holders'])]));
  }
  if (balancer === 'none' && given.holders === 'load-balancer') {
    const text = 'load-balancer nodes run no API server, and endpoint.balancer is none';
    report(diagnostic('cluster/combination', text, [at(['endpoint', 'balancer']), at(['endpoint', 'holders'])]));
  }
}
