import { isControlPlane, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import { systemFacts } from '../../cluster/systems.ts';
import { timeDaemonOf } from '../../cluster/time.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import chrony from './chrony.conf.ejs';
import timesyncd from './timesyncd.conf.ejs';

/**
 * The blueprint's clocks, told to the daemon that keeps the node's. Nothing where the blueprint has nothing to say, for then
 * the image's own way stays. Not every image has the daemon: there it is asked for.
 */
export function timeItems(cluster: Cluster, node: ClusterNode): PlanItem[] {
  const sources = sourcesOf(cluster, node);
  if (sources.servers.length + sources.pools.length === 0 && cluster.time.daemon === undefined) return [];
  const { packageManager, timeDaemon } = systemFacts[node.os.name];
  const daemon = timeDaemonOf(cluster.time, node);
  const names = daemon === 'chrony' ? CHRONY[packageManager] : TIMESYNCD;
  const file = {
    kind: 'file',
    path: names.file,
    mode: 0o644,
    content:
      daemon === 'chrony'
        ? chrony({ ...sources, drift: names.drift })
        : timesyncd({ servers: [...sources.servers, ...sources.pools] }),
  } as const;
  const isEmpty = sources.servers.length + sources.pools.length === 0;
  const files = isEmpty ? [] : [file];
  if (packageManager === 'none' && daemon === timeDaemon) return files;
  return [...files, { kind: 'package', name: daemon }, { kind: 'unit', name: names.unit, enabled: true }];
}

interface Sources {
  readonly servers: readonly string[];
  readonly pools: readonly string[];
  /** The networks that are served, and are so while no server answers. */
  readonly serves: readonly string[];
}

/** Of the control plane, where that serves: its peers are servers like others, for `peer` trusts whoever asks (chrony.conf(5)). */
function sourcesOf({ time, controlPlaneNodes, network }: Cluster, node: ClusterNode): Sources {
  const { servers, pools, source } = time;
  if (source === 'servers') return { servers, pools, serves: [] };
  const others = controlPlaneNodes.filter((other) => other !== node).map(({ addresses }) => addresses[0].text);
  if (!isControlPlane(node)) return { servers: others, pools: [], serves: [] };
  return { servers: [...servers, ...others], pools, serves: network.nodes.map(({ text }) => text) };
}

const TIMESYNCD = {
  file: '/etc/systemd/timesyncd.conf.d/10-triskel.conf',
  unit: 'systemd-timesyncd.service',
  drift: '',
} as const;

/** Where each system's own chrony looks. */
const CHRONY = {
  apt: { file: '/etc/chrony/chrony.conf', unit: 'chrony.service', drift: '/var/lib/chrony/chrony.drift' },
  dnf: { file: '/etc/chrony.conf', unit: 'chronyd.service', drift: '/var/lib/chrony/drift' },
  none: { file: '/etc/chrony.conf', unit: 'chronyd.service', drift: '/var/lib/chrony/drift' },
} as const;
