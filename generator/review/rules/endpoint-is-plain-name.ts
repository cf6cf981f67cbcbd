import { parseAddress } from '../../base/networks.ts';
import { at } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';
import page from './endpoint-is-plain-name.md';

/** Nodes that reach the API by a name depend on DNS while they boot. */
export const endpointIsPlainName: Rule = {
  code: 'review/endpoint-is-plain-name',
  page,
  find({ endpoint }) {
    const { host } = endpoint.internal;
    if (parseAddress(host) !== undefined) return [];
    return [{ message: `nodes reach the API by the name ${host}`, places: [at(['endpoint', 'internal'])] }];
  },
};
