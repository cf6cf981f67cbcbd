import type { Cluster } from '../../cluster/cluster.ts';
import { isKubeadmNode } from '../../cluster/kubeadm.ts';
import { at, diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { balancesApi, runsAs } from '../balancing.ts';
import type { Component } from '../component.ts';

/** What of kubeadm can be wrong in a blueprint; what it brings is in kubeadm.ts. */
export const kubeadm: Component = {
  name: 'kubeadm',
  check: refuseEndpointInPods,
};

/** A worker's kubelet starts when it has joined, and would have to start the way to the API before. */
function refuseEndpointInPods(cluster: Cluster): Diagnostic[] {
  if (cluster.endpoint.type !== 'loopback') return [];
  const waiting = cluster.nodes.filter((node) => {
    const joins = isKubeadmNode(cluster, node) && !cluster.controlPlaneNodes.includes(node);
    return joins && balancesApi(cluster, node) && runsAs(cluster, node, 'haproxy') === 'static-pod';
  });
  const [first] = waiting;
  if (first === undefined) return [];
  const text = `${first.name} joins by kubeadm over haproxy on its loopback, which is a static pod and starts only after it has joined`;
  return [diagnostic('cluster/combination', text, [at(['endpoint', 'type']), at(['controlPlane', 'runs'])])];
}
