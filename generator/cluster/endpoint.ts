import type { Address } from '../base/networks.ts';
import type { Path } from '../base/paths.ts';
import type { ClusterNode } from './cluster.ts';

/** How a program is reached: a host name or an address in canonical text, and a port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** What moves a virtual IP from node to node. */
export type Mover = 'keepalived' | 'pacemaker' | 'kube-vip';

/** What leads to the API. direct: the single control-plane node's own address. */
export type EndpointType = Mover | 'openstack-load-balancer' | 'external' | 'loopback' | 'direct';

/** One virtual IP, or one of each family that move together, and the nodes that may hold it. */
export interface VirtualIp {
  readonly serves: 'api' | 'published-services';
  readonly movedBy: Mover;
  /** The primary family first. */
  readonly addresses: readonly [Address, ...Address[]];
  /** VRRP's virtual router ID, 1 to 255. */
  readonly routerId: number;
  /** The floating IP of the cloud that leads to it: a reserved one's address, or `new`. */
  readonly floatingIp: string | undefined;
  /** Sorted by name: the first one holds it when all are well. Never empty. */
  readonly holders: readonly ClusterNode[];
  /** Where the blueprint speaks of it. */
  readonly origin: Path;
}

/** How the API is reached; every host here is in the API server’s certificate. */
export interface Endpoint {
  readonly type: EndpointType;
  /** What nodes use. */
  readonly internal: HostPort;
  /** What operators use. */
  readonly external: HostPort;
  /** The floating IP of the cloud that leads to it: a reserved one's address, or `new`. */
  readonly floatingIp: string | undefined;
  /** Further names and addresses of the API server's certificate. */
  readonly names: readonly string[];
  /** haproxy: it listens at the endpoint's port, where the endpoint is the nodes' own. */
  readonly balancer: 'haproxy' | 'none';
}
