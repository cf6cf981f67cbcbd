/** Neutron's resources as its API has them, as far as they are used (https://docs.openstack.org/api-ref/network/v2/). */

/** What every resource of Neutron has. A description of up to 255 characters is taken by every call that creates. */
export interface NetworkResource {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description: string;
  readonly tags?: readonly string[];
  readonly created_at?: string;
}

interface Described {
  readonly name?: string;
  readonly description?: string;
}

/** `tags`: every one of these; as one text, separated by commas. */
export interface NetworkFilter {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly tags?: string;
  readonly project_id?: string;
}

export interface Network extends NetworkResource {
  readonly status: string;
  readonly admin_state_up: boolean;
  readonly mtu: number;
  readonly shared: boolean;
  readonly subnets: readonly string[];
  readonly 'router:external': boolean;
  readonly port_security_enabled?: boolean;
  readonly availability_zone_hints?: readonly string[];
}

export interface NetworkCreate extends Described {
  readonly admin_state_up?: boolean;
  readonly mtu?: number;
  readonly port_security_enabled?: boolean;
  readonly availability_zone_hints?: readonly string[];
}

export interface NetworkQuery extends NetworkFilter {
  readonly 'router:external'?: boolean;
}

export interface AllocationPool {
  readonly start: string;
  readonly end: string;
}

export interface HostRoute {
  readonly destination: string;
  readonly nexthop: string;
}

export interface Subnet extends NetworkResource {
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
  readonly allocation_pools: readonly AllocationPool[];
  readonly dns_nameservers: readonly string[];
  readonly host_routes: readonly HostRoute[];
  readonly ipv6_address_mode: string | null;
  readonly ipv6_ra_mode: string | null;
}

export interface SubnetUpdate extends Described {
  readonly gateway_ip?: string | null;
  readonly enable_dhcp?: boolean;
  readonly allocation_pools?: readonly AllocationPool[];
  readonly dns_nameservers?: readonly string[];
  readonly host_routes?: readonly HostRoute[];
}

export interface SubnetCreate extends SubnetUpdate {
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly ipv6_address_mode?: string;
  readonly ipv6_ra_mode?: string;
}

export interface SubnetQuery extends NetworkFilter {
  readonly network_id?: string;
  readonly cidr?: string;
}

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface ExternalGateway {
  readonly network_id: string;
  readonly enable_snat?: boolean;
  readonly external_fixed_ips?: readonly FixedIp[];
}

export interface Router extends NetworkResource {
  readonly status: string;
  readonly admin_state_up: boolean;
  readonly external_gateway_info: ExternalGateway | null;
  readonly routes: readonly HostRoute[];
  readonly availability_zone_hints?: readonly string[];
}

export interface RouterUpdate extends Described {
  readonly admin_state_up?: boolean;
  /** Null takes the gateway away. */
  readonly external_gateway_info?: ExternalGateway | null;
  /** All routes: what is not named goes. */
  readonly routes?: readonly HostRoute[];
}

export interface RouterCreate extends Omit<RouterUpdate, 'routes'> {
  readonly availability_zone_hints?: readonly string[];
}

export interface SecurityGroup extends NetworkResource {
  readonly stateful?: boolean;
  readonly security_group_rules: readonly SecurityGroupRule[];
}

export interface SecurityGroupCreate extends Described {
  readonly name: string;
  readonly stateful?: boolean;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly project_id: string;
  readonly description: string | null;
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype: 'IPv4' | 'IPv6';
  /** A name or a number. Null: any. */
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
}

export interface SecurityGroupRuleCreate {
  readonly security_group_id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ethertype?: 'IPv4' | 'IPv6';
  readonly protocol?: string | null;
  readonly port_range_min?: number | null;
  readonly port_range_max?: number | null;
  readonly remote_ip_prefix?: string | null;
  readonly remote_group_id?: string | null;
  readonly description?: string;
}

export interface SecurityGroupRuleQuery {
  readonly id?: string;
  readonly security_group_id?: string;
  readonly description?: string;
}

export interface AddressPair {
  readonly ip_address: string;
  /** Default: the port's own. */
  readonly mac_address?: string;
}

export interface Port extends NetworkResource {
  readonly network_id: string;
  readonly status: string;
  readonly admin_state_up: boolean;
  readonly mac_address: string;
  readonly fixed_ips: readonly FixedIp[];
  readonly allowed_address_pairs: readonly AddressPair[];
  readonly security_groups: readonly string[];
  readonly port_security_enabled?: boolean;
  /** The server, router, … that has it; empty: none. */
  readonly device_id: string;
  /** `compute:<zone>`, `network:router_interface`, `Octavia`, …; empty: none. */
  readonly device_owner: string;
  readonly binding_vnic_type?: string;
}

export interface PortUpdate extends Described {
  readonly admin_state_up?: boolean;
  readonly fixed_ips?: readonly Partial<FixedIp>[];
  readonly allowed_address_pairs?: readonly AddressPair[];
  readonly security_groups?: readonly string[];
  readonly port_security_enabled?: boolean;
  readonly device_id?: string;
  readonly device_owner?: string;
}

export interface PortCreate extends PortUpdate {
  readonly network_id: string;
  readonly 'binding:vnic_type'?: string;
}

export interface PortQuery extends NetworkFilter {
  readonly network_id?: string;
  readonly device_id?: string;
  readonly device_owner?: string;
  readonly mac_address?: string;
  /** `ip_address=10.0.0.5`, `subnet_id=…`; all of them. */
  readonly fixed_ips?: string | readonly string[];
}

export interface FloatingIp extends Omit<NetworkResource, 'name'> {
  readonly status: string;
  readonly floating_network_id: string;
  readonly floating_ip_address: string;
  readonly fixed_ip_address: string | null;
  readonly port_id: string | null;
  readonly router_id: string | null;
}

export interface FloatingIpUpdate {
  readonly description?: string;
  /** Null takes it off. */
  readonly port_id?: string | null;
  readonly fixed_ip_address?: string | null;
}

export interface FloatingIpCreate extends FloatingIpUpdate {
  readonly floating_network_id: string;
  readonly subnet_id?: string;
  /** By default only administrators may choose an address. */
  readonly floating_ip_address?: string;
}

export interface FloatingIpQuery extends Omit<NetworkFilter, 'name'> {
  readonly floating_ip_address?: string;
  readonly floating_network_id?: string;
  readonly port_id?: string;
}

/** Of one kind, in one project. A limit of -1: none. */
export interface NetworkQuota {
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
}
