import { systemFacts } from '../cluster/systems.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import type { Platform } from './platform.ts';
import { adapted } from './shared/adapted.ts';
import { downloadItems } from './shared/downloads.ts';
import { mountUnit } from './shared/filesystems.ts';
import { ignitionLimits } from './shared/ignition-limits.ts';
import { kernelFiles } from './shared/kernel.ts';
import { systemPackages } from './shared/packages.ts';
import { timeItems } from './shared/time.ts';

/**
 * The containerd and docker of the image are system extensions; a link to nowhere in their place switches one off
 * (flatcar.org, "Using systemd-sysext"). Kubernetes needs a containerd of a version that is known.
 */
const SHIPPED_EXTENSIONS = ['containerd-flatcar', 'docker-flatcar'];

/** Flatcar Container Linux: no package manager, /usr read-only, updates staged by update-engine. */
export const flatcar: Platform = {
  adapt(plan, cluster) {
    const downloads = downloadItems(plan.downloads, cluster);
    const translated = [...(downloads.value ?? []), ...kernelFiles(plan), ...timeItems(cluster, plan.node)];
    const packages = systemPackages(
      [...plan.packages, ...translated.filter((item) => item.kind === 'package')],
      plan.node,
    );
    return adapted(
      plan,
      ['download', 'sysctl', 'kernel-module', 'package'],
      [
        ...translated.filter((item) => item.kind !== 'package'),
        ...plan.filesystems.map((filesystem) => mountUnit(filesystem)),
        ...hostname(plan),
        ...SHIPPED_EXTENSIONS.map(
          (name) => ({ kind: 'link', path: `/etc/extensions/${name}.raw`, target: '/dev/null' }) as const,
        ),
        // Reboots are the operator's. update-engine goes on to stage updates, which the next reboot takes.
        ...systemFacts.flatcar.masked.map((name) => ({ kind: 'unit', name, enabled: false, masked: true }) as const),
      ],
      [...downloads.diagnostics, ...packages.diagnostics, ...users(plan), ...ignitionLimits(plan)],
    );
  },
};

function hostname({ node, files }: NodePlan): PlanItem[] {
  const path = '/etc/hostname';
  if (files.some((file) => file.path === path)) return [];
  return [{ kind: 'file', path, mode: 0o644, content: `${node.name}\n` }];
}

/** flatcar/baselayout's sudoers names core itself: no group takes that right away again. */
function users(plan: NodePlan): Diagnostic[] {
  return plan.users
    .filter(({ name, sudo }) => name === 'core' && !sudo)
    .map(() =>
      diagnostic('plan/not-on-this-system', 'on Flatcar, core can always become root', [at(['access', 'users'])]),
    );
}
