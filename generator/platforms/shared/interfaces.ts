import type { ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';

/**
 * NetworkManager would take the pod network's and the pods' interfaces for its own (docs.rke2.io, "Known Issues and
 * Limitations"; docs.tigera.io, "Configure NetworkManager"; Cilium's are cilium_* and lxc*).
 */
const UNMANAGED = `[keyfile]
unmanaged-devices=interface-name:cni*;interface-name:flannel*;interface-name:veth*;interface-name:cali*;interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:cilium*;interface-name:lxc*
`;

/** Where NetworkManager runs the network, it is told what belongs to the pod network. */
export function interfaceItems({ os }: ClusterNode): PlanItem[] {
  const { network, format } = systemFacts[os.name];
  if (network !== 'NetworkManager') return [];
  const path = '/etc/NetworkManager/conf.d/90-triskel.conf';
  return [
    { kind: 'file', path, mode: 0o644, content: UNMANAGED },
    // It runs already when cloud-init writes the file; Ignition writes before.
    ...(format === 'cloud-init' ? [{ kind: 'unit', name: 'NetworkManager.service', enabled: true } as const] : []),
  ];
}
