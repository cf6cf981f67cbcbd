import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode } from './cluster.ts';
import type { Report } from './report.ts';
import { timeDaemonOf } from './time.ts';

/** Of a control plane that is to serve the time: nodes whose daemon only asks for it. */
export function refuseOtherClocks({ time = {} }: Blueprint, nodes: readonly ClusterNode[], report: Report): void {
  if (time.source !== 'control-plane') return;
  const asking = nodes.filter((node) => timeDaemonOf({ daemon: time.daemon }, node) !== 'chrony');
  if (asking.length === 0) return;
  const names = asking.map(({ name }) => name).join(', ');
  const text = `${names} would keep time by systemd-timesyncd, which serves nobody`;
  report(diagnostic('cluster/time-source', text, [at(['time', 'source'])]));
}
