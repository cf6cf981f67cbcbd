import { at } from '../../diagnostics/diagnostic.ts';
import { holdsTheCluster } from '../node-kinds.ts';
import { partLines } from '../part-lines.ts';
import type { Rule } from '../rule.ts';
import page from './reboots-by-itself.md';

/**
 * cloud-init: package_reboot_if_required; Debian and Ubuntu: unattended-upgrades, apt-daily-upgrade; Rocky Linux: dnf-automatic; Flatcar:
 * locksmithd; Fedora CoreOS: Zincati; and whatever reboots by a timer or a job.
 */
const REBOOTS =
  /\bpackage_reboot_if_required['"]?\s*:\s*['"]?(true|yes|on)\b|\bunattended-upgrades?\b|\bdnf-automatic\b|\bAutomatic-Reboot\b|\bsystemctl\b.*\b(enable|start|unmask)\b.*\b(locksmithd|zincati|apt-daily)|(^|[\s;&|'"[])(reboot|shutdown\s+-r|systemctl\s+reboot)\b/;

/** Machines that hold a quorum, the API or its address reboot one after the other, not when they like to. */
export const rebootsByItself: Rule = {
  code: 'review/reboots-by-itself',
  page,
  find(cluster) {
    const nodes = cluster.nodes.filter((node) => holdsTheCluster(cluster, node));
    return partLines(nodes, REBOOTS).map(({ part, line, number }) => ({
      message: `${part.file}:${String(number)} lets machines of the control plane reboot or update by themselves: ${line}`,
      places: [at(part.origin)],
    }));
  },
};
