import { isHostName, loopbackAddress, parseAddress, parseHostPort } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { ClusterNode } from './cluster.ts';
import { addressKey } from './duplicates.ts';
import type { Endpoint, EndpointType, HostPort } from './endpoint.ts';
import type { Report } from './report.ts';

/** What an endpoint is held against. */
interface Surroundings {
  readonly controlPlane: readonly ClusterNode[];
  readonly nodes: readonly ClusterNode[];
  /** The API servers' own port. */
  readonly port: number;
}

/** How the API is reached; undefined when it is broken beyond use. */
export function resolveEndpoint(
  blueprint: Blueprint,
  { controlPlane, nodes, port }: Surroundings,
  report: Report,
): Endpoint | undefined {
  const given = blueprint.endpoint;
  if (given === undefined) return direct(controlPlane, port, report);
  if (given.type === 'openstack-load-balancer' && blueprint.cloud?.openstack === undefined) {
    const text = `endpoint.type is ${given.type}, and there is no cloud.openstack`;
    report(diagnostic('cluster/cloud-needed', text, [at(['endpoint', 'type'])]));
  }
  const internal = resolveHostPort(given.internal, ['endpoint', 'internal'], report);
  const external =
    given.external === undefined
      ? addressed(internal, given.floatingIp)
      : resolveHostPort(given.external, ['endpoint', 'external'], report);
  refuseTaken(internal, controlPlane, nodes, report);
  const names = (given.names ?? []).map((name, index) => {
    const host = resolveHost(name);
    const text = `"${name}" is neither a host name nor an address`;
    if (host === undefined) report(diagnostic('cluster/invalid-address', text, [at(['endpoint', 'names', index])]));
    return host ?? name;
  });
  if (internal === undefined || external === undefined) return undefined;
  const balancer = given.balancer ?? (balances(given.type) || given.holders === 'load-balancer' ? 'haproxy' : 'none');
  const floatingIp = given.floatingIp ?? floatingIpOf(internal, external);
  const endpoint: Endpoint = { type: given.type, internal, external, floatingIp, names, balancer };
  refuseFloating(endpoint, given.floatingIp !== undefined, report);
  refuseLoopback(endpoint, given.external !== undefined, report);
  refusePort(endpoint, given, port, report);
  return endpoint;
}

function direct(controlPlane: readonly ClusterNode[], port: number, report: Report): Endpoint | undefined {
  const [only, ...others] = controlPlane;
  if (only === undefined) return undefined;
  const own = { host: only.addresses[0].text, port };
  if (others.length > 0) {
    const places = controlPlane.slice(0, 2).map((node) => at(node.origin, 'a control-plane node'));
    const text = `${String(controlPlane.length)} control-plane nodes and no endpoint`;
    report(diagnostic('cluster/endpoint-needed', text, places));
  }
  return { type: 'direct', internal: own, external: own, floatingIp: undefined, names: [], balancer: 'none' };
}

/** Operators use the address of a reserved floating IP, where nothing else is said. */
function addressed(internal: HostPort | undefined, floatingIp: string | undefined): HostPort | undefined {
  return internal === undefined || floatingIp === undefined || floatingIp === 'new'
    ? internal
    : { ...internal, host: floatingIp };
}

/** What operators use is a floating IP where it is an address, and not the internal one. */
function floatingIpOf(internal: HostPort, external: HostPort): string | undefined {
  return external.host !== internal.host && parseAddress(external.host)?.family === 'ipv4' ? external.host : undefined;
}

/** A floating IP leads to a port that `boot` makes, and nobody knows the address of a new one. */
function refuseFloating({ type, internal, external, floatingIp }: Endpoint, isGiven: boolean, report: Report): void {
  if (!isGiven) return;
  const refuse = (text: string, ...keys: string[]): void =>
    report(
      diagnostic(
        'cluster/floating-ip',
        text,
        keys.map((key) => at(['endpoint', key])),
      ),
    );
  if (type === 'external' || type === 'loopback')
    refuse(
      `a floating IP leads to a load balancer or a virtual IP, and endpoint.type is ${type}`,
      'floatingIp',
      'type',
    );
  if (floatingIp === 'new' && floatingIpOf(internal, external) !== undefined)
    refuse(
      `endpoint.external has the address ${external.host}, and the floating IP is a new one`,
      'external',
      'floatingIp',
    );
}

function balances(type: EndpointType): boolean {
  return type === 'keepalived' || type === 'loopback';
}

function refuseTaken(
  internal: HostPort | undefined,
  controlPlane: readonly ClusterNode[],
  nodes: readonly ClusterNode[],
  report: Report,
): void {
  const taken = nodes.find((node) => node.addresses.some((address) => address.text === internal?.host));
  if (taken === undefined || controlPlane.length <= 1) return;
  const places = [at(['endpoint', 'internal']), at(addressKey(taken), `the address of ${taken.name}`)];
  report(diagnostic('cluster/endpoint-conflict', `the endpoint's address is that of ${taken.name}`, places));
}

/** A loopback address is the endpoint of type loopback, of no other, and nobody outside reaches it. */
function refuseLoopback({ type, internal }: Endpoint, hasExternal: boolean, report: Report): void {
  const isLoopback = [loopbackAddress('ipv4'), loopbackAddress('ipv6')].includes(internal.host);
  const refuse = (text: string, key: 'internal' | 'type'): void =>
    report(diagnostic('cluster/endpoint-loopback', text, [at(['endpoint', key]), at(['endpoint', 'type'])]));
  if (type === 'loopback' && !isLoopback)
    refuse(`endpoint.type is loopback, and ${internal.host} is no loopback address`, 'internal');
  if (type !== 'loopback' && isLoopback)
    refuse(`every node's ${internal.host} is its own: nothing but an endpoint of type loopback is there`, 'internal');
  if (type === 'loopback' && !hasExternal)
    refuse('operators cannot reach the loopback address of a node, and there is no endpoint.external', 'type');
}

/** haproxy and the API server on one machine listen at different ports; without haproxy, the ports are the same. */
function refusePort(
  { type, internal, balancer }: Endpoint,
  given: NonNullable<Blueprint['endpoint']>,
  port: number,
  report: Report,
): void {
  const places = [at(['endpoint', 'internal']), at(['controlPlane', 'port'], 'the API servers’ own port')];
  const onTheirMachines =
    given.holders !== 'load-balancer' && type !== 'openstack-load-balancer' && type !== 'external';
  if (balancer === 'haproxy' && onTheirMachines && internal.port === port) {
    const text = `haproxy at the endpoint and the API server on the same machine both listen at ${String(port)}`;
    report(diagnostic('cluster/endpoint-port', text, places));
  }
  if (balancer === 'none' && ['keepalived', 'pacemaker', 'kube-vip'].includes(type) && internal.port !== port) {
    const text = `nothing listens at the endpoint's port ${String(internal.port)}: the API servers listen at ${String(port)}, and endpoint.balancer is none`;
    report(diagnostic('cluster/endpoint-port', text, places));
  }
}

function resolveHostPort(text: string, path: Path, report: Report): HostPort | undefined {
  const parsed = parseHostPort(text);
  if (parsed !== undefined && resolveHost(parsed.host) !== undefined) return parsed;
  report(diagnostic('cluster/invalid-address', `"${text}" is not host:port with a port from 1 to 65535`, [at(path)]));
  return undefined;
}

/** A host name, or an address in canonical text. What is all digits and dots is meant as an address. */
function resolveHost(text: string): string | undefined {
  const address = parseAddress(text);
  if (address !== undefined) return address.text;
  return !/^[0-9.]+$/.test(text) && isHostName(text) ? text : undefined;
}
