import type { Cluster } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { fitsOf, limits } from '../renderers/payload.ts';
import type { RenderedNode } from './rendered-node.ts';
import { unpackedFiles } from './unpacked-files.ts';

/** A node, and the bytes of its user data: at most, or exactly once it is sealed. */
export interface Sized {
  readonly rendered: RenderedNode;
  readonly bytes: number;
}

/** As many places of one finding as people look at. */
const PLACES = 3;

/** What does not fit into what the machines' cloud takes: one error for each limit, however many nodes break it. */
export function reviewSizes(nodes: readonly Sized[], cluster: Cluster): Diagnostic[] {
  return cluster.payload.limits.flatMap((name) => {
    const { limit, unit, sizeOf } = limits[name];
    const over = nodes.filter(({ bytes }) => !fitsOf(bytes)[name].fits).sort((a, b) => b.bytes - a.bytes);
    const [worst] = over;
    if (worst === undefined) return [];
    const { rendered } = worst;
    const many = over.length === 1 ? '' : `, and those of ${String(over.length - 1)} more nodes are too large, too`;
    const largest = largestFiles(rendered.plan, 3).map(({ path, size }) => `${path} (${String(size)} bytes)`);
    const text = `the payload of ${rendered.node.name} takes up to ${String(sizeOf(worst.bytes))} ${unit}, and ${name} takes ${String(limit)}${many}; largest: ${largest.join(', ')}`;
    const places = over.slice(0, PLACES).map((each) => at(each.rendered.node.origin));
    return [diagnostic('output/payload-too-large', text, places, remedyFor(rendered, cluster))];
  });
}

/** What helps here, the most helpful first. */
function remedyFor({ payload }: RenderedNode, { payload: given, addons, pki, users }: Cluster): string {
  const ways = [
    ...(given.serve === undefined
      ? ['name a web server in payload.serve, from which nodes fetch all that is too large (docs/payload.md)']
      : []),
    ...(payload.step !== 'pointer' && addons.manifests.length > 0
      ? ['take manifests out of addons.manifests and apply them later']
      : []),
    ...(payload.step !== 'pointer' && pki.algorithm.startsWith('rsa')
      ? ['choose pki.algorithm ecdsa-p256, whose keys and certificates are a third as long']
      : []),
    ...(users.length > 1 ? ['give fewer users or keys in access.users'] : []),
    'shorten the CA bundles that the blueprint brings',
  ];
  const text = ways.join('; or ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The files with the most text, holes open. */
export function largestFiles(plan: NodePlan, count: number): { readonly path: string; readonly size: number }[] {
  return unpackedFiles(plan)
    .map(({ path, content }) => ({ path, size: Buffer.byteLength(content) }))
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .slice(0, count);
}
