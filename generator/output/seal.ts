import { sha256, sha512 } from '../base/digests.ts';
import { sortedBy } from '../base/order.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { mapTexts } from '../nodeplan/texts.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { fitsOf } from '../renderers/payload.ts';
import { pointerText, servedName } from '../renderers/pointer.ts';
import { describeHole } from '../secrets/fill.ts';
import { fillHoles, holeId, type Hole } from '../secrets/holes.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import { reviewSizes } from './payload-size.ts';
import type { RenderedNode } from './rendered-node.ts';

/** One node's payload, complete; or the holes that keep it from being made. */
export type SealedNode = { readonly rendered: RenderedNode } & (
  | { readonly payload: SealedPayload; readonly open: readonly [] }
  | { readonly payload: undefined; readonly open: readonly Hole[] }
);

/** What a machine boots with. */
export interface SealedPayload extends SealedFile {
  /** What its pointer points at; undefined: the payload is all there is. */
  readonly served: SealedFile | undefined;
}

interface SealedFile {
  /** Name in boot/. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** The folder of boot/ that is put onto a web server as it is. */
const SERVE = 'serve';

/** The name of a node's payload in boot/. */
export function payloadName({ node, renderer }: RenderedNode): string {
  return node.name + renderer.sealedSuffix;
}

/** Fills a node's holes and encodes its payload as it was decided without secrets. */
export function sealNode(rendered: RenderedNode, fill: (hole: Hole) => string | undefined): SealedNode {
  const { plan, node } = rendered;
  const open = new Map<string, Hole>();
  const filled = mapTexts(plan, (text) => {
    const whole = fillHoles(text, fill, (hole) => open.set(holeId(hole), hole));
    if (open.size === 0 && whole.includes('${triskel:')) throw new Error(`${node.name} has a malformed hole`);
    return whole;
  });
  if (open.size > 0) return { rendered, payload: undefined, open: [...open.values()] };
  return { rendered, payload: sealedPayload(rendered, filled), open: [] };
}

function sealedPayload(rendered: RenderedNode, filled: NodePlan): SealedPayload {
  const { renderer, payload, serving } = rendered;
  const file = payloadName(rendered);
  if (payload.step !== 'pointer') return { file, bytes: renderer.sealed(filled, payload.step), served: undefined };
  if (serving === undefined) throw new Error(`${file} points nowhere`);
  const bytes = renderer.served(filled);
  const hash = sha512(bytes);
  return {
    file,
    bytes: Buffer.from(pointerText(filled, renderer, serving, hash), 'utf8'),
    served: { file: `${SERVE}/${servedName(filled, renderer, hash)}`, bytes },
  };
}

/** The files of a payload, by name in boot/. */
export function filesOf({ payload }: SealedNode): SealedFile[] {
  if (payload === undefined) return [];
  return payload.served === undefined ? [payload] : [payload, payload.served];
}

/** What keeps payloads from being made or booted: holes, each with what fills it, and sizes that are exact now. */
export function reviewSealed(sealed: readonly SealedNode[], secrets: SecretsSpec, cluster: Cluster): Diagnostic[] {
  const sizes = sealed.flatMap(({ rendered, payload }) =>
    payload === undefined ? [] : [{ rendered, bytes: payload.bytes.length }],
  );
  return [...openHoles(sealed, secrets), ...reviewSizes(sizes, cluster)];
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
  const payloads = sealed.flatMap(({ rendered, payload }): [string, object][] => {
    if (payload === undefined) return [];
    const { node, renderer, payload: choice } = rendered;
    const own = { node: node.name, format: renderer.format };
    const { file, bytes, served } = payload;
    const entry = { ...own, encoding: choice.step, ...entryOf(bytes), limits: fitsOf(bytes.length) };
    if (served === undefined) return [[file, entry]];
    const servedEntry = { ...own, encoding: 'plain', ...entryOf(served.bytes) };
    return [
      [file, { ...entry, serves: served.file }],
      [served.file, servedEntry],
    ];
  });
  const open = sealed.flatMap(({ rendered, open: holes }) =>
    holes.length === 0 ? [] : [[rendered.node.name, holes.map(holeId).sort()] as const],
  );
  const manifest = { format: 1, files: Object.fromEntries(payloads), open: Object.fromEntries(open) };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function entryOf(bytes: Uint8Array): object {
  return { sha256: sha256(bytes), size: bytes.length };
}
