import { counted } from '../base/counted.ts';
import { groupBy } from '../base/order.ts';
import { hostPort } from '../base/networks.ts';
import type { LimitName } from '../cluster/cluster.ts';
import { limits } from '../renderers/payload.ts';
import type { CertificateSpec, SecretsSpec } from '../secrets/specs.ts';
import { attachLines } from './attach.ts';
import { imagesOf } from './manifest.ts';
import { openHoles } from './open-holes.ts';
import { kindsOf, largestText, systemOf } from './payload-kinds.ts';
import { portRows } from './ports.ts';
import { programsOf } from './programs.ts';
import template from './readme.ejs';
import type { RenderedNode } from './rendered-node.ts';
import type { TreeInput } from './tree.ts';

/** README.md of the tree: what is to be known of a cluster, by people, without reading any other file. */
export function readmeText(input: TreeInput): string {
  const { cluster, nodes, secrets } = input;
  const { network, endpoint } = cluster;
  const images = imagesOf(nodes);
  const unpinned = images.filter(({ digest }) => digest === undefined).length;
  const texts = (list: readonly { readonly text: string }[]): string => list.map(({ text }) => text).join(', ');
  return template({
    cluster,
    nodeCount: counted(nodes.length, 'node'),
    internal: hostPort(endpoint.internal.host, endpoint.internal.port),
    external: `${hostPort(endpoint.external.host, endpoint.external.port)}${endpoint.floatingIp === 'new' ? ', a new floating IP before it' : ''}`,
    networks: {
      nodes: texts(network.nodes),
      pods: texts(network.pods),
      services: texts(network.services),
      dns: texts(network.dnsAddresses),
    },
    plugin: network.plugin === 'none' ? '' : ` (${network.plugin})`,
    nodes: nodes.map(nodeRow),
    limits: cluster.payload.limits.map((name) => limitLine(name, nodes)),
    largest: largest(nodes),
    attach: attachLines(nodes),
    serve: { nodes: fetching(nodes), url: cluster.payload.serve?.url ?? '' },
    holes: openHoles(secrets, nodes),
    ports: portRows(cluster, nodes),
    versions: programsOf(cluster),
    images: images.map(({ reference, digest }) => ({ reference, by: digest ?? 'tag' })),
    unpinned,
    unpinnedText: `${String(unpinned)} of ${counted(images.length, 'image')} ${unpinned === 1 ? 'is' : 'are'} pulled by tag, which may move.`,
    certificates: certificateRows(secrets),
  });
}

function nodeRow({ node, payload }: RenderedNode): object {
  return {
    name: node.name,
    roles: node.roles.join(', '),
    addresses: node.addresses.map(({ text }) => text).join(', ') + (node.zone === undefined ? '' : ` (${node.zone})`),
    system: systemOf(node),
    size: `${String(payload.upperBoundBytes)} bytes, ${payload.step}`,
  };
}

function limitLine(name: LimitName, nodes: readonly RenderedNode[]): string {
  const sizes = nodes.map(({ payload }) => payload.perLimit[name].size);
  const { limit, unit } = limits[name];
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  return `${name} takes ${String(limit)} ${unit}; the largest payload is ${String(largest)} at most.`;
}

/** The nodes that fetch their payloads; nothing when none does. */
function fetching(nodes: readonly RenderedNode[]): string {
  const names = nodes.filter(({ serving }) => serving !== undefined).map(({ node }) => node.name);
  return names.length === nodes.length && names.length > 0 ? 'all nodes' : names.join(', ');
}

/** For each kind of node, what fills the payload of its largest one. */
function largest(nodes: readonly RenderedNode[]): { what: string; files: string }[] {
  return kindsOf(nodes).map(({ what, heaviest }) => ({
    what: `${heaviest.node.name} (${what})`,
    files: largestText(heaviest, 5),
  }));
}

/** One row for each identity: its certificates differ in the node alone. */
function certificateRows({ cas, certificates }: SecretsSpec): object[] {
  const authorities = cas.map(({ id, years }) => ({
    id,
    issuer: 'itself',
    lives: counted(years, 'year'),
    count: 1,
    purpose: 'issues certificates; its key stays in the store',
  }));
  const identity = ({ id, node }: CertificateSpec): string =>
    node === undefined ? id : id.slice(0, -`.${node}`.length);
  const leaves = [...groupBy(certificates, identity)].map(([id, members]) => ({
    id,
    issuer: members[0]?.ca ?? '',
    lives: counted(members[0]?.days ?? 0, 'day'),
    count: members.length,
    purpose: members[0]?.purpose ?? '',
  }));
  return [...authorities, ...leaves];
}
