import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './ca-key-on-nodes.md';

/** Whoever has the CA’s key is whom he wants to be, and no certificate can be taken back. */
export const caKeyOnNodes: Rule = {
  code: 'review/ca-key-on-nodes',
  page,
  find({ controlPlane, options }) {
    if (controlPlane.runs !== 'kubeadm' || options.kubeadm?.join !== 'token') return [];
    const message = 'every control-plane node holds the key of the cluster’s CA, and a token lets machines join';
    return [{ message, places: [at(['components', 'kubeadm', 'join'])] }];
  },
};
