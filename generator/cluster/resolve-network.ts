import { nthAddress, overlap, parseNetwork, type Address, type Network } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNetwork } from './cluster.ts';
import type { Report } from './report.ts';

const DEFAULT_PODS = { ipv4: '10.244.0.0/16', ipv6: 'fd00:10:244::/56' };
const DEFAULT_SERVICES = { ipv4: '10.96.0.0/16', ipv6: 'fd00:10:96::/112' };
/** Length of each node's part of the pod network: kube-controller-manager's own defaults (--node-cidr-mask-size-*). */
const NODE_PREFIX = { ipv4: 24, ipv6: 64 };
/** So many bits lie at most between an IPv6 pod network and a node's part of it (nodeipam/ipam/cidrset: clusterSubnetMaxDiff). */
const IPV6_PART_BITS = 16;

/** The networks, defaults filled; undefined when one of them is broken beyond use. */
export function resolveNetwork(blueprint: Blueprint, nodeCount: number, report: Report): ClusterNetwork | undefined {
  const given = blueprint.network;
  const nodes = networks(given.nodes, ['network', 'nodes'], report);
  if (nodes === undefined) return undefined;
  const families = nodes.map((network) => network.family);
  const pods = networks(given.pods ?? families.map((f) => DEFAULT_PODS[f]), ['network', 'pods'], report);
  const services = networks(
    given.services ?? families.map((f) => DEFAULT_SERVICES[f]),
    ['network', 'services'],
    report,
  );
  if (pods === undefined || services === undefined) return undefined;
  const all = { nodes, pods, services };
  const problems = [...familyMismatches(all), ...overlaps(all), ...sizes(all, nodeCount)];
  problems.forEach(report);
  const nodePorts = resolveNodePorts(given.nodePorts ?? '30000-32767', report);
  const nth = (n: number): Address[] => services.flatMap((network) => nthAddress(network, n) ?? []);
  const [dns, ...moreDns] = nth(10);
  const [api, ...moreApi] = nth(1);
  if (problems.length > 0 || dns === undefined || api === undefined || nodePorts === undefined) return undefined;
  return {
    ...all,
    plugin: given.plugin ?? 'flannel',
    dnsDomain: given.dnsDomain ?? 'cluster.local',
    hosts: given.hosts ?? 'control-plane',
    nodePorts,
    dnsAddresses: [dns, ...moreDns],
    apiAddresses: [api, ...moreApi],
  };
}

type Networks = Readonly<Record<'nodes' | 'pods' | 'services', readonly [Network, ...Network[]]>>;

/** The length of a node's part of the pod network, of one family. */
export function nodePrefix(network: Network): number {
  return Math.max(NODE_PREFIX[network.family], network.prefix);
}

function networks(given: string | readonly string[], path: Path, report: Report): [Network, ...Network[]] | undefined {
  const texts = typeof given === 'string' ? [given] : given;
  const found = texts.map((text, index) => {
    const network = parseNetwork(text);
    const place = at(typeof given === 'string' ? path : [...path, index]);
    if (network === undefined)
      report(diagnostic('cluster/invalid-network', `"${text}" is not a network's address and prefix`, [place]));
    return network;
  });
  const [first, ...rest] = found.filter((network) => network !== undefined);
  return first === undefined || rest.length + 1 !== found.length ? undefined : [first, ...rest];
}

function familyMismatches(all: Networks): Diagnostic[] {
  const expected = all.nodes.map((n) => n.family).join(', ');
  if (all.nodes.length === 2 && all.nodes[0].family === all.nodes[1]?.family) {
    return [
      diagnostic('cluster/family-mismatch', `network.nodes has two networks of one family`, [at(['network', 'nodes'])]),
    ];
  }
  return (['pods', 'services'] as const).flatMap((name) => {
    const families = all[name].map((n) => n.family).join(', ');
    if (families === expected) return [];
    const text = `network.${name} has ${families}, network.nodes has ${expected}`;
    return [
      diagnostic('cluster/family-mismatch', text, [
        at(['network', name]),
        at(['network', 'nodes'], 'sets the families'),
      ]),
    ];
  });
}

function overlaps(all: Networks): Diagnostic[] {
  const named = (['nodes', 'pods', 'services'] as const).flatMap((name) =>
    all[name].map((network) => ({ name, network })),
  );
  return named.flatMap((a, index) =>
    named.slice(index + 1).flatMap((b) => {
      if (a.name === b.name || !overlap(a.network, b.network)) return [];
      const text = `network.${a.name} ${a.network.text} and network.${b.name} ${b.network.text} overlap`;
      return [
        diagnostic('cluster/network-overlap', text, [
          at(['network', a.name]),
          at(['network', b.name], 'overlaps with it'),
        ]),
      ];
    }),
  );
}

function sizes(all: Networks, nodeCount: number): Diagnostic[] {
  const pods = all.pods.flatMap((network) => {
    const parts = 2 ** (nodePrefix(network) - network.prefix);
    if (network.family === 'ipv6' && nodePrefix(network) - network.prefix > IPV6_PART_BITS) {
      const text = `${network.text} is wider than /${String(nodePrefix(network) - IPV6_PART_BITS)}`;
      return [diagnostic('cluster/network-too-large', text, [at(['network', 'pods'])])];
    }
    if (parts >= nodeCount) return [];
    const text = `${network.text} has ${String(parts)} parts of /${String(nodePrefix(network))}, and there are ${String(nodeCount)} nodes`;
    return [diagnostic('cluster/network-too-small', text, [at(['network', 'pods'])])];
  });
  const services = all.services.flatMap((network) => {
    const place = [at(['network', 'services'])];
    if (nthAddress(network, 10) === undefined) {
      return [
        diagnostic('cluster/network-too-small', `${network.text} has no tenth address for the cluster's DNS`, place),
      ];
    }
    if (network.last - network.first >= 1n << 20n) {
      return [diagnostic('cluster/network-too-large', `${network.text} has more than 2^20 addresses`, place)];
    }
    return [];
  });
  return [...pods, ...services];
}

function resolveNodePorts(text: string, report: Report): { first: number; last: number } | undefined {
  const range = portRange(text, ['network', 'nodePorts'], report);
  return range && { first: range[0], last: range[1] };
}

/** `first-last`, or one port; undefined and reported where that is no range of ports. */
export function portRange(text: string, path: Path, report: Report): [number, number] | undefined {
  const [first = 0, last = first] = text.split('-').map(Number);
  if (first >= 1 && first <= last && last <= 65_535) return [first, last];
  report(diagnostic('cluster/invalid-range', `"${text}" is not a range of ports`, [at(path)]));
  return undefined;
}
