import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { Platform } from './platform.ts';
import proxied from './proxied.conf.ejs';
import { ignitionSystem } from './shared/ignition-system.ts';
import strategy from './zincati.toml.ejs';

/**
 * /opt is a link to /var/opt, where SELinux's policy knew no programs before Fedora made this line part of it
 * (fedora-selinux/selinux-policy#2917, end of 2025): systemd starts nothing that is labelled var_t. Read by Ignition's setfiles
 * and by restorecon (selabel_file(5), "Substitution files").
 */
const LABELS: PlanItem = {
  kind: 'file',
  path: '/etc/selinux/targeted/contexts/files/file_contexts.subs',
  mode: 0o644,
  content: '/var/opt /opt\n',
};

/**
 * Fedora CoreOS: no package manager, /usr read-only, SELinux enforcing. The image's containerd is started by its Docker alone,
 * and hidden by our unit of that name in /etc. Updates and reboots are the operator's, or a FleetLock server's.
 */
export const fedoraCoreos: Platform = {
  adapt: (plan, cluster) => ignitionSystem(plan, cluster, [LABELS, ...updates(cluster, plan.node)]),
};

/** Zincati's strategy, and the proxy for what fetches updates (docs.fedoraproject.org, "Proxied Internet Access"). */
function updates({ proxy }: Cluster, { os }: ClusterNode): PlanItem[] {
  const asked = os.fleetLock === undefined ? [] : [os.fleetLock];
  const fetching = proxy === undefined ? [] : ['rpm-ostreed.service', ...asked.map(() => 'zincati.service')];
  return [
    ...asked.map((url): PlanItem => ({
      kind: 'file',
      path: '/etc/zincati/config.d/90-triskel.toml',
      mode: 0o644,
      content: strategy({ url }),
    })),
    ...fetching.map((unit): PlanItem => ({ kind: 'drop-in', unit, name: '10-proxy.conf', content: proxied({}) })),
  ];
}
