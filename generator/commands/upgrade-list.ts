import { targetsFrom } from '../upgrade/targets.ts';
import type { Outcome } from './context.ts';
import type { Made } from './upgrade-made.ts';

/** Where one can go from what the nodes were made for. */
export function listOf(file: string, { cluster, release, rules, diagnostics }: Made): Outcome {
  const targets = targetsFrom(rules, release);
  const lines = targets.map(({ kubernetes, etcd, containerd, route, obstacle }) => {
    const versions = `  ${kubernetes.padEnd(9)} etcd ${etcd.padEnd(8)} containerd ${containerd.padEnd(8)}`;
    if (obstacle === undefined) return `${versions.trimEnd()}\n`;
    return `${versions} ${route === undefined ? `not yet: ${obstacle}` : `after ${route.slice(0, -1).join(', then ')}`}\n`;
  });
  const next = targets.filter(({ obstacle }) => obstacle === undefined).at(-1);
  const here = `${cluster}: Kubernetes ${release.kubernetes}, etcd ${release.etcd}`;
  const text =
    lines.length === 0
      ? `${here}: the newest that this Triskel knows\n`
      : `${here}; from here:\n${lines.join('')}` +
        (next === undefined
          ? ''
          : `\`triskel upgrade --to ${next.kubernetes} --dry-run ${file}\` shows what changes.\n`);
  return { text, value: { blueprint: file, cluster, from: release, targets }, diagnostics };
}
