import type { ClusterNode } from './cluster.ts';
import { systemFacts } from './systems.ts';

/** Who keeps the nodes' clocks. */
export interface Time {
  /** Undefined: the operating system's own. */
  readonly daemon: 'chrony' | 'systemd-timesyncd' | undefined;
  readonly servers: readonly string[];
  readonly pools: readonly string[];
  readonly source: 'servers' | 'control-plane';
}

/** What keeps a node's clock. */
export function timeDaemonOf({ daemon }: Pick<Time, 'daemon'>, { os }: ClusterNode): 'chrony' | 'systemd-timesyncd' {
  return daemon ?? systemFacts[os.name].timeDaemon;
}
