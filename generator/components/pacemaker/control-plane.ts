import { xml, type XmlElement } from '../../base/xml.ts';
import { isSupervised, type Cluster } from '../../cluster/cluster.ts';
import type { VirtualIp } from '../../cluster/endpoint.ts';
import { clone, primitive } from './elements.ts';

/** The guide's names of the resources, and the units that they start; a group starts them in this order. */
const PROGRAMS = [
  { id: 'APIServer', unit: 'kube-apiserver' },
  { id: 'Scheduler', unit: 'kube-scheduler' },
  { id: 'Controller', unit: 'kube-controller-manager' },
];

/** Where the control plane runs as units, Pacemaker starts and stops them: as one cloned group, or each as a clone. */
export function controlPlaneClones(cluster: Cluster, { holders }: VirtualIp): XmlElement[] {
  if (!isSupervised(cluster)) return [];
  const { controlPlane = 'group', startTimeoutSeconds = 300 } = cluster.options.pacemaker ?? {};
  const primitives = PROGRAMS.map(({ id, unit }) =>
    primitive({
      id,
      agent: `systemd:${unit}`,
      // Nothing is gained by giving a node up: there is one instance for each, and an API server waits for its etcd.
      operations: { start: startTimeoutSeconds, stop: 100, monitor: { interval: 10, timeout: 60 } },
    }),
  );
  const count = holders.length;
  if (controlPlane === 'separate')
    return primitives.map((one) => clone(one, `${one.attributes['id'] ?? ''}-clone`, count));
  return [clone(xml('group', { id: 'kubernetes-master' }, primitives), 'kubernetes-master-clone', count)];
}
