import type { Cluster, ClusterNode } from './cluster.ts';

/** The GlusterFS volume: who keeps its data, who only knows what is where, and who mounts it. */
export interface GlusterVolume {
  readonly name: string;
  /** Nodes of role storage: each has all data. Sorted by name, never empty. */
  readonly data: readonly ClusterNode[];
  /** Has every file's name and attributes and no content, and so a vote without a disk of that size. */
  readonly arbiter: ClusterNode | undefined;
  /** Workers, which mount the volume. */
  readonly clients: readonly ClusterNode[];
}

/** Undefined where no node has the role storage. */
export function glusterVolume(cluster: Cluster): GlusterVolume | undefined {
  const data = cluster.nodes.filter(({ roles }) => roles.includes('storage'));
  if (data.length === 0) return undefined;
  const { volume: name = 'data', arbiter } = cluster.options.glusterfs ?? {};
  return {
    name,
    data,
    arbiter: cluster.nodes.find((node) => node.name === arbiter && !data.includes(node)),
    clients: cluster.nodes.filter(({ roles }) => roles.includes('worker')),
  };
}

/** All that have a brick, the arbiter last, as `gluster volume create` wants it. */
export function glusterServers({ data, arbiter }: GlusterVolume): readonly ClusterNode[] {
  return arbiter === undefined ? data : [...data, arbiter];
}

/** True for machines that speak GlusterFS: servers and clients. */
export function speaksGluster(cluster: Cluster, node: ClusterNode): boolean {
  const volume = glusterVolume(cluster);
  return volume !== undefined && [...glusterServers(volume), ...volume.clients].includes(node);
}
