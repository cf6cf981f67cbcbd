import type { PlanItem } from '../nodeplan/items.ts';
import type { Platform } from './platform.ts';
import { ignitionSystem } from './shared/ignition-system.ts';

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
 * Fedora CoreOS: no package manager, /usr read-only, SELinux enforcing. Updates and reboots are the operator's. The image's
 * containerd is started by its Docker alone, and hidden by our unit of that name in /etc.
 */
export const fedoraCoreos: Platform = {
  adapt: (plan, cluster) => ignitionSystem(plan, cluster, [LABELS]),
};
