import type { Known } from '../resource.ts';

/** What each kind of resource is told when it is made, in the words of the cloud's API. */
export interface NetworkSpec {
  readonly mtu?: number;
}

export interface SubnetSpec {
  readonly network: Known;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string;
  readonly dns_nameservers: readonly string[];
  /** Addresses that the cloud may give away: none that the blueprint has given. */
  readonly allocation_pools: readonly { readonly start: string; readonly end: string }[];
}

export interface RouterSpec {
  readonly external_network: Known;
}

export interface RouterInterfaceSpec {
  readonly router: Known;
  readonly subnet: Known;
}

export type SecurityGroupSpec = Readonly<Record<string, never>>;

export interface SecurityGroupRuleSpec {
  readonly group: Known;
  readonly ethertype: 'IPv4' | 'IPv6';
  /** tcp, udp, a protocol's number; null: all. */
  readonly protocol: string | null;
  /** First and last port; null: all, or none for a protocol without. */
  readonly ports: readonly [number, number] | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group: Known | null;
}

export interface ServerGroupSpec {
  readonly policy: 'anti-affinity' | 'soft-anti-affinity';
}

export interface KeyPairSpec {
  /** One line of authorized_keys. */
  readonly public_key: string;
}

export interface PortSpec {
  readonly network: Known;
  readonly fixed_ips: readonly { readonly subnet: Known; readonly ip_address: string }[];
  readonly security_groups: readonly Known[];
  /** Further addresses that its machine may speak for. */
  readonly allowed_address_pairs: readonly string[];
}

export interface VolumeSpec {
  /** GiB. */
  readonly size: number;
  readonly volume_type?: string;
  readonly availability_zone?: string;
}

export interface ServerSpec {
  readonly image: Known;
  readonly flavor: Known;
  /** A server tells its flavor by name alone. */
  readonly flavor_name: Known;
  readonly port: Known;
  readonly volumes: readonly Known[];
  readonly server_group?: Known;
  readonly availability_zone?: string;
  readonly key_name?: Known;
  readonly config_drive: boolean;
  readonly boot_volume?: { readonly size: number; readonly volume_type?: string };
}

export interface LoadBalancerSpec {
  readonly vip_subnet: Known;
  readonly vip_address: string;
  readonly provider?: string;
}

export interface ListenerSpec {
  readonly load_balancer: Known;
  readonly protocol: 'TCP';
  readonly protocol_port: number;
  /** Milliseconds. */
  readonly timeout_client_data: number;
  readonly timeout_member_data: number;
  /** Null: everybody. */
  readonly allowed_cidrs: readonly string[] | null;
}

export interface PoolSpec {
  readonly load_balancer: Known;
  readonly listener: Known;
  readonly protocol: 'TCP';
  readonly lb_algorithm: 'ROUND_ROBIN' | 'SOURCE_IP_PORT';
}

export interface MemberSpec {
  readonly load_balancer: Known;
  readonly pool: Known;
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet: Known;
}

export interface HealthMonitorSpec {
  readonly load_balancer: Known;
  readonly pool: Known;
  readonly type: 'HTTPS' | 'TCP';
  /** Seconds. */
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
  readonly max_retries_down: number;
  /** Of HTTPS alone. */
  readonly url_path?: string;
}

export interface FloatingIpSpec {
  readonly external_network: Known;
  /** A reserved one is found by its address and only led somewhere; undefined: a new one is made. */
  readonly address?: string;
  readonly port: Known;
  readonly fixed_ip_address: string;
}

/** Every kind, by its name, with its spec; in the order in which they are made. */
export interface Specs {
  readonly network: NetworkSpec;
  readonly subnet: SubnetSpec;
  readonly router: RouterSpec;
  readonly 'router-interface': RouterInterfaceSpec;
  readonly 'security-group': SecurityGroupSpec;
  readonly 'security-group-rule': SecurityGroupRuleSpec;
  readonly 'server-group': ServerGroupSpec;
  readonly 'key-pair': KeyPairSpec;
  readonly port: PortSpec;
  readonly volume: VolumeSpec;
  readonly server: ServerSpec;
  readonly 'load-balancer': LoadBalancerSpec;
  readonly listener: ListenerSpec;
  readonly pool: PoolSpec;
  readonly member: MemberSpec;
  readonly 'health-monitor': HealthMonitorSpec;
  readonly 'floating-ip': FloatingIpSpec;
}

/** A kind of resource. */
export type Kind = keyof Specs;
