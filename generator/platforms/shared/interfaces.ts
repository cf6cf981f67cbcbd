import type { ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';

/** NetworkManager would take flannel's and the pods' interfaces for its own (docs.rke2.io, "Known Issues and Limitations"). */
const UNMANAGED = `[keyfile]
unmanaged-devices=interface-name:cni*;interface-name:flannel*;interface-name:veth*
`;

/** Where NetworkManager runs the network, it is told what belongs to the pod network. */
export function interfaceItems({ os }: ClusterNode): PlanItem[] {
  if (systemFacts[os.name].resolver !== 'NetworkManager') return [];
  return [
    { kind: 'file', path: '/etc/NetworkManager/conf.d/90-triskel.conf', mode: 0o644, content: UNMANAGED },
    { kind: 'unit', name: 'NetworkManager.service', enabled: true },
  ];
}
