import type { Cluster } from './cluster.ts';

/** The proxies of a cluster, and all that is reached without them: what lies inside it is never asked of a proxy. */
export interface Proxy {
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** Names, suffixes with a leading dot, addresses and networks. */
  readonly exempt: readonly string[];
}

/** Undefined: everything is reached directly. */
export function proxyOf({ network, endpoint, proxy: given }: Cluster): Proxy | undefined {
  if (given === undefined) return undefined;
  const inside = [
    'localhost',
    '127.0.0.0/8',
    '::1',
    ...[...network.nodes, ...network.pods, ...network.services].map((n) => n.text),
    endpoint.internal.host,
    '.svc',
    `.${network.dnsDomain}`,
  ];
  return { http: given.http, https: given.https, exempt: [...new Set([...inside, ...given.exempt])] };
}

/** True for a host that is exempt by its name, its address, or a suffix with a leading dot; networks are not looked at. */
export function isExempt(host: string, exempt: readonly string[]): boolean {
  return exempt.some((entry) => host === entry || (entry.startsWith('.') && host.endsWith(entry)));
}
