import { hostPort } from '../base/networks.ts';
import { isKubernetesNode, loopbackOf, type Cluster, type ClusterNode } from '../cluster/cluster.ts';
import type { VirtualIp } from '../cluster/endpoint.ts';
import { systemFacts } from '../cluster/systems.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';

/** How a program runs that may be a unit of the distribution's package or a static pod. */
export type Runs = 'systemd' | 'static-pod';

/** haproxy's configuration; what a node publishes is a second one in PUBLISHED. */
export const HAPROXY_CONFIG = '/etc/haproxy/haproxy.cfg';
/** Folder of the configuration that follows the published services. */
export const PUBLISHED = '/etc/haproxy/published';

/** The virtual IPs that a node may hold. */
export function virtualIpsOf(cluster: Cluster, node: ClusterNode): readonly VirtualIp[] {
  return cluster.virtualIps.filter(({ holders }) => holders.includes(node));
}

/** True where haproxy listens at the API's endpoint: on the holders of its virtual IP, or on every node's loopback. */
export function balancesApi(cluster: Cluster, node: ClusterNode): boolean {
  const { type, balancer } = cluster.endpoint;
  if (balancer !== 'haproxy') return false;
  if (type === 'loopback') return isKubernetesNode(cluster, node);
  return virtualIpsOf(cluster, node).some(({ serves }) => serves === 'api');
}

/** True where haproxy balances to the published services. */
export function publishesServices(cluster: Cluster, node: ClusterNode): boolean {
  return virtualIpsOf(cluster, node).some(({ serves }) => serves === 'published-services');
}

/** As the blueprint says, or as the system can: without a package manager, only a pod brings a program. */
export function runsAs(cluster: Cluster, node: ClusterNode, program: 'haproxy' | 'keepalived'): Runs {
  const given = cluster.options[program]?.runs;
  return given ?? (systemFacts[node.os.name].packageManager === 'none' ? 'static-pod' : 'systemd');
}

/** Static pods on machines without a kubelet. */
export function refusePodsWithoutKubelet(
  cluster: Cluster,
  program: 'haproxy' | 'keepalived',
  nodes: readonly ClusterNode[],
): Diagnostic[] {
  return nodes
    .filter((node) => runsAs(cluster, node, program) === 'static-pod' && !isKubernetesNode(cluster, node))
    .map((node) => {
      const asked = cluster.options[program]?.runs !== undefined;
      const why = asked ? '' : `; ${systemFacts[node.os.name].title} has no package of it`;
      const text = `${node.name} has no kubelet that could run ${program} as a static pod${why}`;
      const places = [at([...node.origin, 'roles']), ...(asked ? [at(['components', program, 'runs'])] : [])];
      return diagnostic('plan/not-on-this-system', text, places);
    });
}

/** Where haproxy says how it is, on the loopback: /livez of itself, /readyz whether an API server is ready. */
export function haproxyHealthUrl(cluster: Cluster, node: ClusterNode, path: '/livez' | '/readyz'): string {
  return `http://${hostPort(loopbackOf(node), haproxyHealthPort(cluster))}${path}`;
}

/** A port of the loopback. */
export function haproxyHealthPort({ options }: Cluster): number {
  return options.haproxy?.healthPort ?? 8404;
}
