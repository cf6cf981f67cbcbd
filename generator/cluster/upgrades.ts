import { minorAfter, minorOf } from '../base/versions.ts';
import { etcdRuns, type Cluster } from './cluster.ts';
import type { Facts } from './facts.ts';
import { versionsFor, type Chosen, type Versions } from './versions.ts';

/** From what the versions of a cluster follow, whatever its Kubernetes: the facts, and what its blueprint chooses. */
export interface VersionRules {
  readonly facts: Facts;
  readonly chosen: Chosen;
}

/** The rules of a cluster. */
export function rulesOf(cluster: Cluster): VersionRules {
  const { versions, options } = cluster;
  const [etcd, containerd] = [options.etcd?.version, options.containerd?.version];
  const chosen = {
    ...(etcd === undefined ? {} : { etcd }),
    ...(containerd === undefined ? {} : { containerd }),
    etcdArchive: etcdRuns(cluster) === 'unit',
  };
  return { facts: versions.facts, chosen };
}

/** What the cluster would run with another Kubernetes, or why it could not. */
export function versionsWith({ facts, chosen }: VersionRules, kubernetes: string): Versions | string {
  return versionsFor(facts, kubernetes, chosen);
}

/** The oldest etcd that may go to this one from the minor version before it: etcd skips none. */
export function oldestEtcdBefore({ upgrades }: Facts, etcd: string): string {
  return upgrades.oldestEtcdBefore[minorOf(etcd)] ?? `${minorAfter(etcd, -1)}.0`;
}

/** The oldest minor version that a node may have while API servers go to a version. */
export function oldestKubelet({ upgrades }: Facts, kubernetes: string): string {
  return minorAfter(kubernetes, -upgrades.kubeletMinorsBehind);
}
