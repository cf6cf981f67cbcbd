import type { PlanItem } from '../../nodeplan/items.ts';
import type { NodePlan } from '../../nodeplan/nodeplan.ts';

/** Sysctls and kernel modules as the files that systemd reads at every boot (sysctl.d(5), modules-load.d(5)). */
export function kernelFiles({ sysctls, kernelModules }: NodePlan): PlanItem[] {
  return [
    ...file(
      '/etc/sysctl.d/90-triskel.conf',
      sysctls.map(({ key, value }) => `${key} = ${value}`),
    ),
    ...file(
      '/etc/modules-load.d/triskel.conf',
      kernelModules.map(({ name }) => name),
    ),
  ];
}

function file(path: string, lines: readonly string[]): PlanItem[] {
  return lines.length === 0 ? [] : [{ kind: 'file', path, mode: 0o644, content: `${lines.join('\n')}\n` }];
}
