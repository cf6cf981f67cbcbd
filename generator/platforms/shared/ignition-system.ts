import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';
import { accountItems } from './accounts.ts';
import { adapted } from './adapted.ts';
import { downloadItems } from './downloads.ts';
import { mountUnit } from './filesystems.ts';
import { ignitionLimits } from './ignition-limits.ts';
import { kernelFiles } from './kernel.ts';
import { interfaceItems } from './interfaces.ts';
import { systemPackages } from './packages.ts';
import { selinuxItems } from './selinux.ts';
import { timeItems } from './time.ts';

/** The plan for an image without a package manager that Ignition configures, with what this image needs besides. */
export function ignitionSystem(plan: NodePlan, cluster: Cluster, own: readonly PlanItem[]): Checked<NodePlan> {
  const { node } = plan;
  const downloads = downloadItems(plan.downloads, cluster);
  const translated = [
    ...(downloads.value ?? []),
    ...kernelFiles(plan),
    ...timeItems(cluster, node),
    ...interfaceItems(node),
    ...selinuxItems(plan),
    ...accountItems(plan),
  ];
  const packages = systemPackages([...plan.packages, ...translated.filter((item) => item.kind === 'package')], node);
  return adapted(
    plan,
    ['download', 'sysctl', 'kernel-module', 'package', 'account'],
    [
      ...translated.filter((item) => item.kind !== 'package'),
      ...plan.filesystems.map((filesystem) => mountUnit(filesystem)),
      ...hostname(plan),
      ...maskedUnits(node),
      ...own,
    ],
    [...downloads.diagnostics, ...packages.diagnostics, ...users(plan), ...ignitionLimits(plan)],
  );
}

/** With a FleetLock server, the unit that asks it stays as the image has it. */
function maskedUnits({ os }: ClusterNode): PlanItem[] {
  const { masked, fleetLock } = systemFacts[os.name];
  const names = os.fleetLock === undefined ? masked : masked.filter((name) => name !== fleetLock);
  return names.map((name) => ({ kind: 'unit', name, enabled: false, masked: true }));
}

function hostname({ node, files }: NodePlan): PlanItem[] {
  const path = '/etc/hostname';
  if (files.some((file) => file.path === path)) return [];
  return [{ kind: 'file', path, mode: 0o644, content: `${node.name}\n` }];
}

/**
 * core may become root by the image's own means, and no group takes that away again: flatcar/baselayout's sudoers name it,
 * and Fedora CoreOS's base config puts it into sudo (fedora-coreos-config, 40ignition-conf/00-core.ign).
 */
function users({ node, users: all }: NodePlan): Diagnostic[] {
  const text = `on ${systemFacts[node.os.name].title}, core can always become root`;
  return all
    .filter(({ name, sudo }) => name === 'core' && !sudo)
    .map(() => diagnostic('plan/not-on-this-system', text, [at(['access', 'users'])]));
}
