import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { proxyOf } from '../cluster/proxy.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { rendererFor } from '../renderers/index.ts';
import { choosePayload, withSpecimens, type PayloadChoice } from '../renderers/payload.ts';
import { pointerText, UNKNOWN_SHA512, type Serving } from '../renderers/pointer.ts';
import type { Renderer } from '../renderers/renderer.ts';
import type { Hole } from '../secrets/holes.ts';

/** One node as it is written for review, and how its payload will be encoded. */
export interface RenderedNode {
  readonly node: ClusterNode;
  /** Adapted to the node's operating system, holes open. */
  readonly plan: NodePlan;
  /** The plan as large as it can become, once somebody asks. */
  readonly full: () => NodePlan;
  readonly renderer: Renderer;
  /** Text of the reviewed config. */
  readonly reviewed: string;
  readonly payload: PayloadChoice;
  /** Where the payload is fetched; undefined: all of it is the machine's user data. */
  readonly serving: Serving | undefined;
  /** Text of the pointer for review, with a sha512 that no file has. */
  readonly pointer: string | undefined;
}

/** Renders an adapted plan for review, and decides how its payload gets to the machine. */
export function renderNode(
  plan: NodePlan,
  cluster: Cluster,
  format: Renderer['format'],
  specimen: (hole: Hole) => string | undefined,
): RenderedNode {
  const renderer = rendererFor(format);
  const room = { limits: cluster.payload.limits, serving: servingOf(cluster) };
  const payload = choosePayload(plan, renderer, specimen, room);
  const serving = payload.step === 'pointer' ? room.serving : undefined;
  const pointer = serving === undefined ? undefined : pointerText(plan, renderer, serving, UNKNOWN_SHA512);
  const full = (): NodePlan => withSpecimens(plan, specimen);
  return { node: plan.node, plan, full, renderer, reviewed: renderer.reviewed(plan), payload, serving, pointer };
}

function servingOf(cluster: Cluster): Serving | undefined {
  const { serve } = cluster.payload;
  return serve === undefined ? undefined : { ...serve, proxy: proxyOf(cluster) };
}
