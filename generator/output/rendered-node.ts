import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { rendererFor } from '../renderers/index.ts';
import { choosePayload, type LimitName, type PayloadChoice } from '../renderers/payload.ts';
import type { Renderer } from '../renderers/renderer.ts';
import type { Hole } from '../secrets/holes.ts';
import { unpackedFiles } from './unpacked-files.ts';

/** One node as it is written for review, and how its payload will be encoded. */
export interface RenderedNode {
  readonly node: ClusterNode;
  /** Adapted to the node's operating system, holes open. */
  readonly plan: NodePlan;
  readonly renderer: Renderer;
  /** Text of the reviewed config. */
  readonly reviewed: string;
  readonly payload: PayloadChoice;
}

/** Renders an adapted plan for review. Error: no encoding makes the payload fit into what the cluster's cloud takes. */
export function renderNode(
  plan: NodePlan,
  cluster: Cluster,
  format: Renderer['format'],
  maxLength: (hole: Hole) => number | undefined,
): Checked<RenderedNode> {
  const renderer = rendererFor(format);
  const relevant = relevantLimits(cluster);
  const payload = choosePayload(plan, renderer, maxLength, relevant);
  const rendered = { node: plan.node, plan, renderer, reviewed: renderer.reviewed(plan), payload };
  const diagnostics = relevant.flatMap((name) => tooLarge(rendered, name, payload.perLimit[name]));
  return { value: rendered, diagnostics };
}

/** The limits on user-data that count where this cluster's machines run. */
export function relevantLimits(cluster: Cluster): readonly LimitName[] {
  return cluster.openstack === undefined ? [] : ['openstack'];
}

/** Nothing when the size fits; else what is too large, and which files make it so. */
export function tooLarge(
  { node, plan }: RenderedNode,
  name: LimitName,
  { size, limit, fits }: PayloadChoice['perLimit'][LimitName],
): Diagnostic[] {
  if (fits) return [];
  const largest = largestFiles(plan, 3).map((file) => `${file.path} (${String(file.size)} bytes)`);
  const text = `the payload of ${node.name} takes up to ${String(size)} of ${String(limit)} that ${name} takes; largest: ${largest.join(', ')}`;
  return [diagnostic('output/payload-too-large', text, [at(node.origin)])];
}

/** The files with the most text, holes open. */
export function largestFiles(plan: NodePlan, count: number): { readonly path: string; readonly size: number }[] {
  return unpackedFiles(plan)
    .map(({ path, content }) => ({ path, size: Buffer.byteLength(content) }))
    .sort((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .slice(0, count);
}
