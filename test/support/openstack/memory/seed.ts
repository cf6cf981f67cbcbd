/** The network that leads out. */
import type { World } from './world.ts';

/** Somebody else's: an administrator's. */
const OWNER = `${'0'.repeat(30)}29`;

export function seedNetworks(world: World): void {
  const subnet = world.newId();
  const common = { description: '', tags: [], created_at: world.date(), project_id: OWNER };
  const network = world.add('network', {
    ...common,
    id: world.newId(),
    name: 'public',
    admin_state_up: true,
    availability_zone_hints: [],
    mtu: 1500,
    port_security_enabled: true,
    'router:external': true,
    shared: false,
    status: 'ACTIVE',
    subnets: [subnet],
  });
  world.add('subnet', {
    ...common,
    id: subnet,
    name: 'public-subnet',
    network_id: network.id,
    ip_version: 4,
    cidr: '203.0.113.0/24',
    gateway_ip: '203.0.113.1',
    enable_dhcp: false,
    allocation_pools: [{ start: '203.0.113.10', end: '203.0.113.250' }],
    dns_nameservers: [],
    host_routes: [],
    ipv6_address_mode: null,
    ipv6_ra_mode: null,
    'router:external': true,
  });
}
