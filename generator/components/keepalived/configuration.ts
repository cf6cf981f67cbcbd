import type { Address } from '../../base/networks.ts';
import { localApiServerUrl, type Cluster, type ClusterNode } from '../../cluster/cluster.ts';
import type { VirtualIp } from '../../cluster/endpoint.ts';
import { hole } from '../../secrets/holes.ts';
import { haproxyHealthUrl, virtualIpsOf } from '../balancing.ts';
import { interfaceOf } from '../node-interface.ts';
import template from './keepalived.conf.ejs';

/** CA of the API server, where the check's unprivileged user may read it. */
export const CA = '/etc/keepalived/ca.crt';
/** The first holder's priority; 255 is for the owner of an address alone (RFC 9568, 5.2.4). */
const FIRST_PRIORITY = 200;

interface Check {
  readonly name: string;
  readonly says: string;
  readonly command: string;
}

/** The virtual IPs that keepalived moves and this node may hold. */
export function movedHere(cluster: Cluster, node: ClusterNode): readonly VirtualIp[] {
  return virtualIpsOf(cluster, node).filter(({ movedBy }) => movedBy === 'keepalived');
}

/** keepalived.conf: one VRRP instance for each virtual IP, so that each family has its own. */
export function configuration(cluster: Cluster, node: ClusterNode): string {
  const {
    routerId = node.name,
    nopreempt = true,
    advertInterval = 1,
    authentication,
  } = cluster.options.keepalived ?? {};
  const { checkInterval = 2, checkTimeout = 2, checkFall = 3, checkRise = 2 } = cluster.options.keepalived ?? {};
  const moved = movedHere(cluster, node).map((virtualIp) => ({
    virtualIp,
    check: checkOf(cluster, node, virtualIp, checkTimeout),
  }));
  const instances = moved
    .flatMap(({ virtualIp, check }) => virtualIp.addresses.map((address) => ({ virtualIp, check, address })))
    .map((instance, index) => ({ ...instance, name: `VI_${String(index + 1)}` }));
  return template({
    node: node.name,
    routerId,
    nopreempt,
    advert: advertInterval,
    interval: checkInterval,
    timeout: checkTimeout,
    fall: checkFall,
    rise: checkRise,
    interface: interfaceOf(node),
    checks: moved.map(({ check }) => check),
    instances: instances.map(({ virtualIp, check, address, name }) => ({
      name,
      check: check.name,
      ...instanceOf(virtualIp, address, node),
      // VRRP version 3, which IPv6 has alone, knows no password.
      password: authentication === 'pass' && address.family === 'ipv4' ? hole('keepalived', 'auth-pass') : '',
    })),
    groups: moved
      .map(({ virtualIp, check }) => ({
        name: check.name.replace(/^chk_/, ''),
        members: instances.filter((instance) => instance.virtualIp === virtualIp).map(({ name }) => name),
      }))
      .filter(({ members }) => members.length > 1),
  });
}

function instanceOf({ serves, routerId, holders }: VirtualIp, address: Address, node: ClusterNode) {
  const own = ({ addresses }: ClusterNode): string =>
    (addresses.find(({ family }) => family === address.family) ?? addresses[0]).text;
  return {
    says: `${serves === 'api' ? 'The API' : 'Published services'} at ${address.text}.`,
    routerId,
    // Distinct: with equal ones, the highest address would win.
    priority: FIRST_PRIORITY - holders.indexOf(node),
    source: own(node),
    peers: holders.filter((holder) => holder !== node).map(own),
    // A prefix of its own length makes no second route to the nodes' network, and no source address (keepalived.conf(5)).
    address: `${address.text}/${address.family === 'ipv4' ? '32' : '128'}`,
  };
}

/** What says whether this node can serve. It needs no shell, no pid and no right: SELinux lets keepalived run what lies in /usr/bin. */
function checkOf(cluster: Cluster, node: ClusterNode, { serves }: VirtualIp, seconds: number): Check {
  const curl = `/usr/bin/curl --silent --fail --output /dev/null --max-time ${String(seconds)}`;
  if (serves === 'published-services')
    return {
      name: 'chk_published',
      says: 'Whether haproxy serves; which services are well is for haproxy to check.',
      command: `${curl} ${haproxyHealthUrl(cluster, node, '/livez')}`,
    };
  if (cluster.endpoint.balancer === 'haproxy')
    return {
      name: 'chk_haproxy',
      says: 'Whether haproxy has an API server that is ready, which has just read from etcd.',
      command: `${curl} ${haproxyHealthUrl(cluster, node, '/readyz')}`,
    };
  return {
    name: 'chk_apiserver',
    says: 'Whether the API server of this node is ready, which has just read from etcd.',
    command: `${curl} --cacert ${CA} ${localApiServerUrl(cluster, node)}/readyz`,
  };
}
