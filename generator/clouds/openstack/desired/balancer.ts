import type { Cluster } from '../../../cluster/cluster.ts';
import { of, type Key } from '../../resource.ts';
import { nodeSubnet, resource, type OpenstackResource } from './shared.ts';

type Openstack = NonNullable<Cluster['openstack']>;

/** Octavia's default of 50 seconds would cut watches (octavia/common/constants.py); four hours is haproxy's own for tunnels here. */
const IDLE_SECONDS = 14_400;

/**
 * Load balancer, listener, pool, members and health monitor of the API. Octavia changes one thing of a load balancer at a time,
 * so that each waits for the one before it.
 */
export function balancerResources(cluster: Cluster, openstack: Openstack): OpenstackResource[] {
  const { endpoint, controlPlane, controlPlaneNodes } = cluster;
  if (endpoint.type !== 'openstack-load-balancer') return [];
  const { provider, allowedCidrs, idleTimeout = IDLE_SECONDS, monitor = {} } = openstack.loadBalancer ?? {};
  const family = endpoint.internal.host.includes(':') ? 'ipv6' : 'ipv4';
  const subnet = nodeSubnet(cluster, family);
  const load_balancer = of('load-balancer/api');
  const pool = of('pool/api');
  const cloudName = `${cluster.name}-api`;
  // OVN's provider checks by TCP and UDP alone (ovn-octavia-provider, "Limitations").
  const type = monitor.type ?? (provider === undefined || provider === 'amphora' ? 'HTTPS' : 'TCP');
  const { delay = 5, retries = 2, timeout = 3 } = monitor;
  const milliseconds = idleTimeout * 1000;
  const members = controlPlaneNodes.map((node, index) => {
    const own = node.addresses.find((address) => address.family === family) ?? node.addresses[0];
    const before: Key = index === 0 ? 'health-monitor/api' : `member/${controlPlaneNodes[index - 1]?.name ?? ''}`;
    return resource(
      'member',
      node.name,
      { load_balancer, pool, address: own.text, protocol_port: controlPlane.port, subnet },
      { cloudName: node.name, node: node.name, after: [before] },
    );
  });
  return [
    resource(
      'load-balancer',
      'api',
      { vip_subnet: subnet, vip_address: endpoint.internal.host, ...(provider === undefined ? {} : { provider }) },
      { cloudName },
    ),
    resource(
      'listener',
      'api',
      {
        load_balancer,
        protocol: 'TCP',
        protocol_port: endpoint.internal.port,
        timeout_client_data: milliseconds,
        timeout_member_data: milliseconds,
        allowed_cidrs:
          allowedCidrs === undefined
            ? null
            : [...new Set([...cluster.network.nodes.map(({ text }) => text), ...allowedCidrs])].sort(),
      },
      { cloudName },
    ),
    resource(
      'pool',
      'api',
      // OVN knows no round robin.
      {
        load_balancer,
        listener: of('listener/api'),
        protocol: 'TCP',
        lb_algorithm: provider === 'ovn' ? 'SOURCE_IP_PORT' : 'ROUND_ROBIN',
      },
      { cloudName },
    ),
    resource(
      'health-monitor',
      'api',
      {
        load_balancer,
        pool,
        type,
        delay,
        timeout,
        max_retries: retries,
        max_retries_down: retries,
        ...(type === 'HTTPS' ? { url_path: '/readyz' } : {}),
      },
      { cloudName },
    ),
    ...members,
  ];
}
