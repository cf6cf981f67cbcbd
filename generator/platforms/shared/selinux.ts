import { enforcesSelinux } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import labels from './selinux.conf.ejs';

/** What starts containers; containerd starts the shim, the shim runc. */
const RUNTIME = ['containerd', 'containerd-shim-runc-v2', 'runc'].map((name) => `/opt/bin/${name}`);

/**
 * Where SELinux enforces its policy: the policy for containers, and the label by which it knows their runtime. Unlabelled, in
 * a folder that the policy does not name, containerd could not confine what it starts (container-selinux, container.fc and
 * container.te). The label is set at every boot, before containerd starts: a relabelling of the machine takes it away.
 */
export function selinuxItems({ node, downloads }: NodePlan): PlanItem[] {
  // A machine that only balances starts no containers.
  if (!enforcesSelinux(node) || downloads.length === 0) return [];
  // k3s brings the others within itself, and its own policy knows where.
  const k3s = downloads.some(({ target }) => target === '/opt/bin/k3s');
  const programs = k3s ? ['/opt/bin/k3s'] : RUNTIME;
  return [
    { kind: 'package', name: 'container-selinux' },
    { kind: 'drop-in', unit: 'triskel-fetch.service', name: '10-selinux.conf', content: labels({ programs }) },
  ];
}
