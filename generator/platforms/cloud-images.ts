import { systemFacts } from '../cluster/systems.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import type { Platform } from './platform.ts';
import { accountItems } from './shared/accounts.ts';
import { adapted } from './shared/adapted.ts';
import { aptItems } from './shared/apt.ts';
import { downloadItems } from './shared/downloads.ts';
import { filesystemUnits } from './shared/filesystems.ts';
import { kernelFiles } from './shared/kernel.ts';
import { interfaceItems } from './shared/interfaces.ts';
import { systemPackages } from './shared/packages.ts';
import { repositoryItems } from './shared/repositories.ts';
import { selinuxItems } from './shared/selinux.ts';
import { timeItems } from './shared/time.ts';

/** A file that a part of the user data writes, too: which of the two is there in the end would be chance. */
function refuseSameFiles({ node, files, units }: NodePlan): Diagnostic[] {
  const ours = new Set([...files.map(({ path }) => path), ...units.map(({ name }) => `/etc/systemd/system/${name}`)]);
  return node.parts.flatMap(({ file, writes, origin }) =>
    writes
      .filter((path) => ours.has(path))
      .map((path) => diagnostic('plan/conflict', `${file} writes ${path}, and so does Triskel`, [at(origin)])),
  );
}

/** Debian, Ubuntu and Rocky Linux from their cloud images; what tells them apart is the table of operating systems. */
export const cloudImages: Platform = {
  adapt(plan, cluster) {
    const { node } = plan;
    const { packageManager, masked } = systemFacts[node.os.name];
    const downloads = downloadItems(plan.downloads, cluster);
    const translated: PlanItem[] = [
      ...(downloads.value ?? []),
      ...kernelFiles(plan),
      ...filesystemUnits(plan.filesystems),
      ...timeItems(cluster, node),
      ...interfaceItems(node),
      ...selinuxItems(plan),
      ...accountItems(plan),
    ];
    const wanted = [...plan.packages, ...translated.filter((item) => item.kind === 'package')];
    const packages = systemPackages(wanted, node);
    const shipped = cluster.packages.source === 'image' ? { shipped: true } : {};
    return adapted(
      plan,
      ['download', 'sysctl', 'kernel-module', 'package', 'filesystem', 'account'],
      [
        ...translated.filter((item) => item.kind !== 'package'),
        ...(packages.value ?? []).map((item) => ({ ...item, ...shipped })),
        ...repositoryItems(cluster, node, wanted),
        ...masked.map((name) => ({ kind: 'unit', name, enabled: false, masked: true }) as const),
        ...(packageManager === 'apt' ? aptItems(cluster, node) : []),
      ],
      [...downloads.diagnostics, ...packages.diagnostics, ...refuseSameFiles(plan)],
    );
  },
};
