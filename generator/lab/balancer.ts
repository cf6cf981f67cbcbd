import { hostPort, parseAddress } from '../base/networks.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { HostPort } from '../cluster/endpoint.ts';

/** What stands in a lab for the load balancer of somebody else's that leads to the API. */
export interface Balancer {
  /** Within and outside; addresses, no names. Never empty. */
  readonly listen: readonly HostPort[];
  readonly servers: readonly HostPort[];
}

/** Undefined: the endpoint is the nodes' own, or a name, which nobody in a lab would find. */
export function balancerOf({ endpoint, controlPlane, controlPlaneNodes }: Cluster): Balancer | undefined {
  if (endpoint.type !== 'external' && endpoint.type !== 'openstack-load-balancer') return undefined;
  const { internal, external } = endpoint;
  const own = controlPlaneNodes.flatMap(({ addresses }) => addresses.map(({ text }) => text));
  const places = [internal, external].filter(({ host }) => parseAddress(host) !== undefined && !own.includes(host));
  const listen = [...new Map(places.map((place) => [`${place.host} ${String(place.port)}`, place])).values()];
  if (listen.length === 0) return undefined;
  return {
    listen,
    servers: controlPlaneNodes.map(({ addresses }) => ({ host: addresses[0].text, port: controlPlane.port })),
  };
}

/** What a lab says of it, one sentence. */
export function balancerNote({ listen }: Balancer): string {
  const places = listen.map(({ host, port }) => hostPort(host, port)).join(' and ');
  return `a haproxy of the lab’s at ${places} in place of the load balancer, which asks each API server for /readyz every 5 s`;
}
