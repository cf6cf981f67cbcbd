import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** An API that survives the loss of a node needs more than one node that serves it. */
export const singleControlPlane: Rule = (cluster) => {
  const [only, ...others] = cluster.controlPlaneNodes;
  if (only === undefined || others.length > 0) return [];
  return [diagnostic('review/single-control-plane', `${only.name} is the only control-plane node`, [at(only.origin)])];
};
