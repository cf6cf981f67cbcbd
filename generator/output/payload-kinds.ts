import { counted } from '../base/counted.ts';
import { memo } from '../base/memo.ts';
import { groupBy } from '../base/order.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { limits } from '../renderers/payload.ts';
import { gzip } from '../renderers/shared/gzip.ts';
import { findHoles } from '../secrets/holes.ts';
import type { RenderedNode } from './rendered-node.ts';
import { unpackedFiles } from './unpacked-files.ts';

/** Nodes that differ in names and addresses alone, as far as their payloads go. */
export interface PayloadKind {
  /** "control-plane on debian 13 amd64" */
  readonly what: string;
  readonly count: number;
  /** The one with the largest payload. */
  readonly heaviest: RenderedNode;
}

/** What a file takes of a payload. */
export interface Share {
  readonly what: string;
  readonly bytes: number;
}

/** The kinds of a cluster's nodes, in the nodes' order. */
export function kindsOf(nodes: readonly RenderedNode[]): PayloadKind[] {
  const kinds = groupBy(nodes, ({ node, payload }) => `${node.roles.join(', ')} on ${systemOf(node)}\n${payload.step}`);
  return [...kinds.values()].flatMap((members) => {
    const [first, ...others] = members;
    if (first === undefined) return [];
    const heaviest = others.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a), first);
    const { node } = first;
    return [{ what: `${node.roles.join(', ')} on ${systemOf(node)}`, count: members.length, heaviest }];
  });
}

/** A node's operating system: "debian 13 amd64". */
export function systemOf({ os }: ClusterNode): string {
  return [os.name, os.version, os.arch].filter((part) => part !== undefined).join(' ');
}

/** "at most 37560 bytes, gzip-whole; 50080 of openstack's 65535 base64 characters" */
export function sizeText({ payload }: RenderedNode, names: Cluster['payload']['limits']): string {
  const { step, upperBoundBytes, perLimit, servedBytes } = payload;
  const served = servedBytes === undefined ? '' : ` to ${String(servedBytes)} bytes`;
  const fits = names.map((name) => {
    const { size, limit } = perLimit[name];
    return `; ${String(size)} of ${name}’s ${String(limit)} ${limits[name].unit}`;
  });
  return `at most ${String(upperBoundBytes)} bytes, ${step}${served}${fits.join('')}`;
}

/** "/opt/triskel/apply-addons 2286 bytes, …": what takes the most room in a payload. */
export function largestText(rendered: RenderedNode, count: number): string {
  const shares = sharesOf(rendered).slice(0, count);
  return shares.map(({ what, bytes }) => `${what} ${String(bytes)} bytes`).join(', ');
}

/**
 * What each file takes of a payload as it is encoded, the largest first; files with secrets in them count as one. Of what
 * is compressed together a file's part is that which it has of all files compressed alone.
 */
export function sharesOf({ plan, full, payload }: RenderedNode): Share[] {
  const isSecret = new Set(unpackedFiles(plan).flatMap(({ path, content }) => (findHoles(content).length > 0 ? path : [])));
  const weigh = payload.step.startsWith('gzip') ? gzippedBytes : (text: string): number => Buffer.byteLength(text);
  const weighed = unpackedFiles(full()).map(({ path, content }) => ({ path, weight: weigh(content) }));
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  const scale = (payload.servedBytes ?? payload.upperBoundBytes) / sum;
  const secret = weighed.filter(({ path }) => isSecret.has(path));
  const together = {
    path: `${counted(secret.length, 'file')} with keys and certificates`,
    weight: secret.reduce((total, { weight }) => total + weight, 0),
  };
  return [together, ...weighed.filter(({ path }) => !isSecret.has(path))]
    .map(({ path, weight }) => ({ what: path, bytes: Math.round(weight * scale) }))
    .sort((a, b) => b.bytes - a.bytes || (a.what < b.what ? -1 : 1));
}

const gzippedBytes = memo((text: string): number => gzip(text).length);

function bytesOf({ payload }: RenderedNode): number {
  return payload.servedBytes ?? payload.upperBoundBytes;
}
