import type { ClusterNode } from '../../cluster/cluster.ts';
import { enforcesSelinux } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import labels from './selinux.conf.ejs';

/** What starts containers; containerd starts the shim, the shim runc. */
const RUNTIME = ['containerd', 'containerd-shim-runc-v2', 'runc'].map((name) => `/opt/bin/${name}`);

/**
 * Where SELinux enforces its policy: the policy for containers, and the label by which it knows their runtime. Unlabelled, in
 * a folder that the policy does not name, containerd could not confine what it starts (container-selinux, container.fc and
 * container.te). The label is set at every boot, before containerd starts: a relabelling of the machine takes it away.
 */
export function selinuxItems(node: ClusterNode): PlanItem[] {
  if (!enforcesSelinux(node)) return [];
  return [
    { kind: 'package', name: 'container-selinux' },
    { kind: 'drop-in', unit: 'triskel-fetch.service', name: '10-selinux.conf', content: labels({ programs: RUNTIME }) },
  ];
}
