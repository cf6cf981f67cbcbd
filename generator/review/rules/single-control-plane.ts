import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './single-control-plane.md';

/** An API that survives the loss of a node needs more than one node that serves it. */
export const singleControlPlane: Rule = {
  code: 'review/single-control-plane',
  page,
  find({ controlPlaneNodes }) {
    const [only, ...others] = controlPlaneNodes;
    if (only === undefined || others.length > 0) return [];
    return [{ message: `${only.name} is the only control-plane node`, places: [at(only.origin)] }];
  },
};
