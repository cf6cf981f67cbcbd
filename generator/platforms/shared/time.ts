import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import chrony from './chrony.conf.ejs';
import timesyncd from './timesyncd.conf.ejs';

/**
 * The blueprint's time servers, told to the daemon that the system has; nothing without any, for then the image's own way
 * stays. Not every cloud image has that daemon: there it is asked for.
 */
export function timeItems({ timeServers: servers }: Cluster, { os }: ClusterNode): PlanItem[] {
  if (servers.length === 0) return [];
  const { timeDaemon, packageManager } = systemFacts[os.name];
  const [path, content, unit] =
    timeDaemon === 'chrony'
      ? ['/etc/chrony.conf', chrony({ servers }), 'chronyd.service']
      : ['/etc/systemd/timesyncd.conf.d/10-triskel.conf', timesyncd({ servers }), 'systemd-timesyncd.service'];
  const file = { kind: 'file', path, mode: 0o644, content } as const;
  if (packageManager === 'none') return [file];
  return [file, { kind: 'package', name: timeDaemon }, { kind: 'unit', name: unit, enabled: true }];
}
