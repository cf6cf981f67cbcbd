import type { Cluster } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { fitsOf, limits } from '../renderers/payload.ts';
import { largestText } from './payload-kinds.ts';
import type { RenderedNode } from './rendered-node.ts';

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
    const text = `the payload of ${rendered.node.name} takes up to ${String(sizeOf(worst.bytes))} ${unit}, and ${name} takes ${String(limit)}${many}; largest: ${largestText(rendered, 4)}`;
    const places = over.slice(0, PLACES).map((each) => at(each.rendered.node.origin));
    return [diagnostic('output/payload-too-large', text, places, remedyFor(rendered, cluster))];
  });
}

/** What helps here, the most helpful first; undefined: nothing that the catalog does not say. */
function remedyFor({ payload }: RenderedNode, cluster: Cluster): string | undefined {
  const { addons, pki, users, mirrors, binaries } = cluster;
  const { serve } = cluster.payload;
  const inPayload = payload.step !== 'pointer';
  const helps: readonly (readonly [boolean, string])[] = [
    [
      serve === undefined,
      'name a web server in payload.serve, from which nodes fetch what is too large (docs/payload.md)',
    ],
    [inPayload && addons.manifests.length > 0, 'take manifests out of addons.manifests and apply them later'],
    [inPayload && pki.algorithm.startsWith('rsa'), 'choose pki.algorithm ecdsa-p256, whose keys are a third as long'],
    [users.flatMap(({ sshKeys }) => sshKeys).length > 1, 'give fewer users or keys in access.users'],
    [
      inPayload && [...mirrors.map(({ ca }) => ca), binaries.mirrorCa].some((ca) => ca !== undefined),
      'shorten the CA bundles of registries.mirrors and binaries.mirrorCa',
    ],
    [serve?.ca !== undefined, 'shorten payload.serveCa'],
  ];
  const text = helps.flatMap(([applies, way]) => (applies ? way : [])).join('; or ');
  return text === '' ? undefined : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
