import type { SecurityGroupRuleCreate } from 'openstack-client-lite';
import type { Stage, Scenario } from './scenario.ts';

const MARK = 'contract';

/** A network with a subnet of fixed addresses. */
export async function makeNetwork({ demo }: Stage): Promise<{ network: string; subnet: string }> {
  const network = await demo.network.networks.create({ name: 'k8s', description: MARK });
  const subnet = await demo.network.subnets.create({
    network_id: network.id,
    name: 'nodes',
    description: MARK,
    ip_version: 4,
    cidr: '10.180.0.0/24',
    gateway_ip: '10.180.0.1',
    enable_dhcp: true,
    allocation_pools: [{ start: '10.180.0.200', end: '10.180.0.250' }],
    dns_nameservers: ['9.9.9.9'],
  });
  return { network: network.id, subnet: subnet.id };
}

export const networks: Scenario = {
  name: 'networks and subnets',
  run: async (stage) => {
    const { demo, refused, as } = stage;
    const { networks, subnets } = demo.network;
    const { network, subnet } = await makeNetwork(stage);
    await networks.list({ description: MARK });
    await networks.list({ description: 'nobody’s' });
    await networks.list({ name: 'k8s' });
    await networks.get(network);
    await networks.update(network, { name: 'k8s-2' });
    await demo.network.setTags('networks', network, ['b', 'a']);
    await networks.list({ tags: 'a,b' });
    await networks.list({ tags: 'a,c' });
    await subnets.list({ network_id: network });
    await subnets.update(subnet, {
      dns_nameservers: [],
      host_routes: [{ destination: '10.9.0.0/16', nexthop: '10.180.0.9' }],
    });
    await refused(subnets.create({ network_id: network, ip_version: 4, cidr: '10.180.0.0/25' }));
    await refused(subnets.create({ network_id: subnet, ip_version: 4, cidr: '10.181.0.0/25' }));
    await refused(subnets.create({ network_id: network, ip_version: 4, cidr: 'nonsense' }));
    await subnets.create({ network_id: network, ip_version: 4, cidr: '10.182.0.0/24' });
    await as('other').network.networks.get(network);
    await as('other').network.networks.list({ description: MARK });
    await as('other').network.networks.delete(network);
    await networks.list({ 'router:external': true });
    await networks.delete(network);
    await networks.get(network);
    await networks.delete(network);
    await subnets.get(subnet);
  },
};

export const ports: Scenario = {
  name: 'ports and security groups',
  run: async (stage) => {
    const { demo, refused, as, silently } = stage;
    const { ports, securityGroups, securityGroupRules, networks } = demo.network;
    const { network, subnet } = await silently(() => makeNetwork(stage));
    const group = await securityGroups.create({ name: 'nodes', description: MARK });
    const rule = await securityGroupRules.create({
      security_group_id: group.id,
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: 'tcp',
      port_range_min: 6443,
      port_range_max: 6443,
      remote_ip_prefix: '10.0.0.0/8',
      description: MARK,
    });
    const same = {
      security_group_id: group.id,
      direction: 'ingress',
      protocol: '112',
      remote_group_id: group.id,
    } as const;
    await securityGroupRules.create(same);
    await refused(securityGroupRules.create(same));
    await refused(securityGroupRules.create({ security_group_id: network, direction: 'ingress' }));
    const [etcd, peers, kubelet] = [2379, 2380, 10250].map(
      (port) =>
        ({
          security_group_id: group.id,
          direction: 'ingress',
          ethertype: 'IPv4',
          protocol: 'tcp',
          port_range_min: port,
          port_range_max: port,
          remote_group_id: group.id,
          description: `${MARK} ${String(port)}`,
        }) as const,
    ) as [SecurityGroupRuleCreate, SecurityGroupRuleCreate, SecurityGroupRuleCreate];
    await securityGroupRules.createMany([etcd, peers]);
    // All of them or none.
    await refused(securityGroupRules.createMany([kubelet, etcd]));
    await refused(securityGroupRules.createMany([kubelet, kubelet]));
    await refused(securityGroupRules.createMany([kubelet, { ...kubelet, security_group_id: network }]));
    await securityGroupRules.list({ security_group_id: group.id });
    await securityGroupRules.get(rule.id);
    await securityGroups.get(group.id);
    await securityGroups.list({ description: MARK });
    await securityGroups.update(group.id, { name: 'nodes-2' });
    const port = await ports.create({
      network_id: network,
      name: 'master0',
      description: MARK,
      fixed_ips: [{ subnet_id: subnet, ip_address: '10.180.0.10' }],
      security_groups: [group.id],
      allowed_address_pairs: [{ ip_address: '10.180.0.7' }],
    });
    const taken = { network_id: network, fixed_ips: [{ subnet_id: subnet, ip_address: '10.180.0.10' }] };
    await refused(ports.create(taken));
    await refused(ports.create({ ...taken, fixed_ips: [{ subnet_id: subnet, ip_address: '10.9.9.9' }] }));
    await refused(ports.create({ network_id: subnet }));
    await refused(ports.create({ network_id: network, security_groups: [network] }));
    await ports.list({ network_id: network });
    await ports.list({ network_id: network, fixed_ips: 'ip_address=10.180.0.10' });
    await ports.list({ fixed_ips: ['ip_address=10.180.0.10', `subnet_id=${subnet}`], name: 'master0' });
    await ports.list({ description: MARK });
    await ports.list({ device_id: 'nothing' });
    await ports.update(port.id, { allowed_address_pairs: [], description: '' });
    await ports.update(port.id, { allowed_address_pairs: [{ ip_address: '10.180.128.0/24' }] });
    await as('other').network.ports.list({ network_id: network });
    await refused(securityGroups.delete(group.id));
    await refused(networks.delete(network));
    await refused(demo.network.subnets.delete(subnet));
    await ports.delete(port.id);
    await ports.delete(port.id);
    await securityGroupRules.delete(rule.id);
    await securityGroupRules.delete(rule.id);
    await securityGroups.delete(group.id);
    await securityGroups.get(group.id);
    await silently(() => networks.delete(network));
  },
};

export const routers: Scenario = {
  name: 'routers and floating addresses',
  run: async (stage) => {
    const { demo, refused, silently, until } = stage;
    const { routers, floatingIps, ports, networks } = demo.network;
    const { network, subnet } = await silently(() => makeNetwork(stage));
    const [outer] = await silently(() => networks.list({ 'router:external': true }));
    const floating_network_id = outer!.id;
    const router = await routers.create({ name: 'gw', description: MARK });
    await routers.update(router.id, { external_gateway_info: { network_id: floating_network_id } });
    const whole = await routers.create({ name: 'gw2', external_gateway_info: { network_id: floating_network_id } });
    await routers.delete(whole.id);
    await routers.addInterface(router.id, { subnet_id: subnet });
    await refused(routers.addInterface(router.id, { subnet_id: subnet }));
    await routers.get(router.id);
    await routers.list({ description: MARK });
    await ports.list({ device_id: router.id, device_owner: 'network:router_interface' });
    await routers.update(router.id, { routes: [{ destination: '10.180.128.0/24', nexthop: '10.180.0.10' }] });
    await refused(routers.update(router.id, { routes: [{ destination: '10.180.128.0/24', nexthop: '10.99.0.10' }] }));
    await refused(routers.removeInterface(router.id, { subnet_id: subnet }));
    await routers.update(router.id, { routes: [] });
    const fixed_ips = [{ subnet_id: subnet, ip_address: '10.180.0.7' }];
    const port = await silently(() => ports.create({ network_id: network, name: 'vip', fixed_ips }));
    const bare = await floatingIps.create({ floating_network_id, description: MARK });
    await floatingIps.list({ description: MARK });
    await floatingIps.list({ floating_ip_address: bare.floating_ip_address });
    await floatingIps.update(bare.id, { port_id: port.id });
    await until(
      () => floatingIps.get(bare.id),
      (seen) => seen?.status === 'ACTIVE',
    );
    await floatingIps.list({ port_id: port.id });
    await refused(routers.removeInterface(router.id, { subnet_id: subnet }));
    await refused(routers.delete(router.id));
    await refused(floatingIps.create({ floating_network_id, port_id: port.id }));
    await refused(floatingIps.create({ floating_network_id: network }));
    await floatingIps.update(bare.id, { port_id: null });
    await floatingIps.delete(bare.id);
    await floatingIps.delete(bare.id);
    const other = await floatingIps.create({ floating_network_id, port_id: port.id });
    await silently(() => ports.delete(port.id));
    await until(
      () => floatingIps.get(other.id),
      (seen) => seen?.status === 'DOWN',
    );
    await silently(() => floatingIps.delete(other.id));
    await refused(networks.delete(network));
    await routers.removeInterface(router.id, { subnet_id: subnet });
    await routers.removeInterface(router.id, { subnet_id: subnet });
    await routers.delete(router.id);
    await routers.get(router.id);
    await silently(() => networks.delete(network));
  },
};
