import { systemFacts } from '../cluster/systems.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { Platform } from './platform.ts';
import { adapted } from './shared/adapted.ts';
import { aptItems } from './shared/apt.ts';
import { downloadItems } from './shared/downloads.ts';
import { filesystemUnits } from './shared/filesystems.ts';
import { kernelFiles } from './shared/kernel.ts';
import { interfaceItems } from './shared/interfaces.ts';
import { systemPackages } from './shared/packages.ts';
import { selinuxItems } from './shared/selinux.ts';
import { timeItems } from './shared/time.ts';

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
      ...selinuxItems(node),
    ];
    const packages = systemPackages([...plan.packages, ...translated.filter((item) => item.kind === 'package')], node);
    return adapted(
      plan,
      ['download', 'sysctl', 'kernel-module', 'package', 'filesystem'],
      [
        ...translated.filter((item) => item.kind !== 'package'),
        ...(packages.value ?? []),
        ...masked.map((name) => ({ kind: 'unit', name, enabled: false, masked: true }) as const),
        ...(packageManager === 'apt' ? aptItems(cluster) : []),
      ],
      [...downloads.diagnostics, ...packages.diagnostics],
    );
  },
};
