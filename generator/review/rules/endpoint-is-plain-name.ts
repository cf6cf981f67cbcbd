import { parseAddress } from '../../base/networks.ts';
import { at, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Rule } from '../rule.ts';

/** Nodes that reach the API by a name depend on DNS while they boot. */
export const endpointIsPlainName: Rule = (cluster) => {
  const { host } = cluster.endpoint.internal;
  if (parseAddress(host) !== undefined) return [];
  return [
    diagnostic('review/endpoint-is-plain-name', `nodes reach the API by the name ${host}`, [
      at(['endpoint', 'internal']),
    ]),
  ];
};
