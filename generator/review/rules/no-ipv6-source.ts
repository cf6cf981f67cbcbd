import { at } from '../../diagnostics/diagnostic.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { Rule } from '../rule.ts';
import page from './no-ipv6-source.md';

/** Nodes without IPv4 fetch nothing from hosts that have no IPv6 address (github.com and ghcr.io, as of March 2026: k3s-io/k3s#13846). */
export const noIpv6Source: Rule = {
  code: 'review/no-ipv6-source',
  page,
  find(cluster) {
    const ipv6Only = cluster.network.nodes.every((network) => network.family === 'ipv6');
    if (!ipv6Only || cluster.proxy !== undefined) return [];
    const sources = [...programs(cluster), ...images(cluster)];
    if (sources.length === 0) return [];
    const message = `the nodes have IPv6 alone, and fetch ${sources.join(' and ')}, which IPv6 does not reach`;
    return [{ message, places: [at(['network', 'nodes'])] }];
  },
};

function programs({ binaries }: Cluster): string[] {
  return binaries.source === 'download' && binaries.mirror === undefined ? ['containerd from github.com'] : [];
}

function images({ network, mirrors }: Cluster): string[] {
  const mirrored = mirrors.some(({ registry }) => registry === 'ghcr.io');
  return network.plugin === 'flannel' && !mirrored ? ['flannel from ghcr.io'] : [];
}
