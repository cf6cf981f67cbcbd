import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './control-plane-uses-endpoint.md';

/** Programs of the control plane use the API server of their own machine, which is never newer or older than they are. */
export const controlPlaneUsesEndpoint: Rule = {
  code: 'review/control-plane-uses-endpoint',
  page,
  find({ controlPlane, endpoint }) {
    if (controlPlane.uses === 'local' || endpoint.type === 'direct') return [];
    const message = `kubelets, schedulers and controller-managers of the control plane reach the API through ${endpoint.internal.host}`;
    return [{ message, places: [at(['controlPlane', 'uses'])] }];
  },
};
