import type { Serve } from '../cluster/cluster.ts';
import type { Proxy } from '../cluster/proxy.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import type { Renderer } from './renderer.ts';

/** Where payloads are served, and how nodes get there. */
export interface Serving extends Serve {
  readonly proxy: Proxy | undefined;
}

/**
 * Stands in a pointer that is written for review: the real sha512 follows from keys. It is as long as a real one, both
 * formats take it, and no file has it, so that a machine which is given such a pointer starts nothing.
 */
export const UNKNOWN_SHA512 = '0'.repeat(128);

/**
 * The name of a served payload. Keys are part of what is hashed, so that nobody guesses the name, and another payload has
 * another name: a machine never fetches what was written for its successor.
 */
export function servedName({ node }: NodePlan, { sealedSuffix }: Renderer, sha512: string): string {
  return `${node.name}-${sha512.slice(0, 32)}${sealedSuffix}`;
}

/** The user data that points at a node's served payload. */
export function pointerText(plan: NodePlan, renderer: Renderer, serving: Serving, sha512: string): string {
  const { url, ca, proxy } = serving;
  return renderer.pointer(plan, { url: `${url}/${servedName(plan, renderer, sha512)}`, sha512, ca, proxy });
}
