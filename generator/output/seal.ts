import { sha256 } from '../base/digests.ts';
import { sortedBy } from '../base/order.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { mapTexts } from '../nodeplan/texts.ts';
import { fitsOf, type LimitName } from '../renderers/payload.ts';
import { describeHole } from '../secrets/fill.ts';
import { fillHoles, holeId, type Hole } from '../secrets/holes.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import { tooLarge, type RenderedNode } from './rendered-node.ts';

/** One node's payload, complete; or the holes that keep it from being made. */
export type SealedNode = { readonly rendered: RenderedNode } & (
  | { readonly payload: SealedPayload; readonly open: readonly [] }
  | { readonly payload: undefined; readonly open: readonly Hole[] }
);

export interface SealedPayload {
  /** Name in boot/. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The name of a node's payload in boot/. */
export function payloadName({ node, renderer }: RenderedNode): string {
  return node.name + renderer.sealedSuffix;
}

/** Fills a node's holes and encodes its payload as it was decided without secrets. */
export function sealNode(rendered: RenderedNode, fill: (hole: Hole) => string | undefined): SealedNode {
  const { plan, renderer, payload, node } = rendered;
  const open = new Map<string, Hole>();
  const filled = mapTexts(plan, (text) => {
    const whole = fillHoles(text, fill, (hole) => open.set(holeId(hole), hole));
    if (open.size === 0 && whole.includes('${triskel:')) throw new Error(`${node.name} has a malformed hole`);
    return whole;
  });
  if (open.size > 0) return { rendered, payload: undefined, open: [...open.values()] };
  const bytes = renderer.sealed(filled, payload.encoding);
  return { rendered, payload: { file: payloadName(rendered), bytes }, open: [] };
}

/** What keeps payloads from being made or booted: holes, each with what fills it, and sizes that are exact now. */
export function reviewSealed(
  sealed: readonly SealedNode[],
  secrets: SecretsSpec,
  relevant: readonly LimitName[],
): Diagnostic[] {
  const sizes = sealed.flatMap(({ rendered, payload }) => {
    if (payload === undefined) return [];
    const fits = fitsOf(payload.bytes.length);
    return relevant.flatMap((name) => tooLarge(rendered, name, fits[name]));
  });
  return [...openHoles(sealed, secrets), ...sizes];
}

function openHoles(sealed: readonly SealedNode[], secrets: SecretsSpec): Diagnostic[] {
  const waiting = new Map<string, { hole: Hole; nodes: string[] }>();
  for (const { rendered, open } of sealed) {
    for (const hole of open) {
      const entry = waiting.get(holeId(hole)) ?? { hole, nodes: [] };
      entry.nodes.push(rendered.node.name);
      waiting.set(holeId(hole), entry);
    }
  }
  return sortedBy([...waiting], ([id]) => id).map(([id, { hole, nodes }]) => {
    const what = describeHole(secrets, hole) ?? 'nothing fills it, which is a fault of Triskel';
    const who = nodes.length > 4 ? `${nodes.slice(0, 3).join(', ')} and ${String(nodes.length - 3)} more` : nodes.join(', ');
    return diagnostic('output/open-hole', `${id} is open on ${who}; ${what}`);
  });
}

/** boot/manifest.json: exact sizes, and what is missing. It is as secret as the payloads beside it. */
export function bootManifestText(sealed: readonly SealedNode[]): string {
  const payloads = sealed.flatMap(({ rendered, payload }) => {
    if (payload === undefined) return [];
    const { file, bytes } = payload;
    const { node, renderer, payload: choice } = rendered;
    const entry = { node: node.name, format: renderer.format, encoding: choice.encoding };
    return [[file, { ...entry, sha256: sha256(bytes), size: bytes.length, limits: fitsOf(bytes.length) }] as const];
  });
  const open = sealed.flatMap(({ rendered, open: holes }) =>
    holes.length === 0 ? [] : [[rendered.node.name, holes.map(holeId).sort()] as const],
  );
  const manifest = { format: 1, files: Object.fromEntries(payloads), open: Object.fromEntries(open) };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
