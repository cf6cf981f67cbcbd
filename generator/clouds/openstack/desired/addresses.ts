import type { Cluster } from '../../../cluster/cluster.ts';
import { of, type Known } from '../../resource.ts';
import { groupKeyOf } from './security.ts';
import { given, nodeNetwork, nodeSubnet, outward, resource, type OpenstackResource } from './shared.ts';

/** A port without a machine for each virtual IP: it keeps the address from being given away, and a floating IP leads to it. */
export function virtualIpPorts(cluster: Cluster): OpenstackResource[] {
  return cluster.virtualIps.flatMap(({ serves, addresses, holders }) => {
    const groups = [...new Set(holders.map(groupKeyOf))];
    return [
      resource(
        'port',
        `vip-${serves}`,
        {
          network: nodeNetwork(cluster),
          fixed_ips: addresses.map(({ family, text }) => ({ subnet: nodeSubnet(cluster, family), ip_address: text })),
          security_groups: groups.map((key) => of(key)),
          allowed_address_pairs: [],
        },
        { cloudName: `${cluster.name}-vip-${serves}` },
      ),
    ];
  });
}

/** Floating IPs of the blueprint, reserved and new ones, each led to the port that has the address behind it. */
export function floatingIps(cluster: Cluster): OpenstackResource[] {
  const { openstack } = cluster;
  if (openstack?.externalNetwork === undefined) return [];
  const external_network = of(given.network(openstack.externalNetwork));
  const lead = (name: string, floatingIp: string, port: Known, fixed_ip_address: string): OpenstackResource =>
    resource(
      'floating-ip',
      name,
      { external_network, ...(floatingIp === 'new' ? {} : { address: floatingIp }), port, fixed_ip_address },
      { cloudName: `${cluster.name}-${name}`, after: outward(cluster) },
    );
  const nodes = cluster.nodes.flatMap(({ name, floatingIp, addresses }) => {
    const own = addresses.find(({ family }) => family === 'ipv4');
    return floatingIp === undefined || own === undefined ? [] : [lead(name, floatingIp, of(`port/${name}`), own.text)];
  });
  const vips = cluster.virtualIps.flatMap(({ serves, floatingIp, addresses }) => {
    const own = addresses.find(({ family }) => family === 'ipv4');
    if (floatingIp === undefined || own === undefined) return [];
    return [lead(`vip-${serves}`, floatingIp, of(`port/vip-${serves}`), own.text)];
  });
  const { endpoint } = cluster;
  const api =
    endpoint.type === 'openstack-load-balancer' && endpoint.floatingIp !== undefined
      ? [lead('api', endpoint.floatingIp, of('load-balancer/api', 'port'), endpoint.internal.host)]
      : [];
  return [...api, ...vips, ...nodes];
}
