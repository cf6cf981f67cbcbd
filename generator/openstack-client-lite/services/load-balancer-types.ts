/** Octavia's resources as its API has them, as far as they are used (https://docs.openstack.org/api-ref/load-balancer/v2/). */

/** PENDING_*: it is being changed, and nothing of its load balancer can be changed until it is ACTIVE or ERROR. */
export type ProvisioningStatus =
  'ACTIVE' | 'ERROR' | 'PENDING_CREATE' | 'PENDING_UPDATE' | 'PENDING_DELETE' | 'DELETED';

export type OperatingStatus =
  'ONLINE' | 'DRAINING' | 'OFFLINE' | 'DEGRADED' | 'ERROR' | 'NO_MONITOR' | 'DISABLED' | 'UNKNOWN';

/** What every resource has. Tags are taken by every call that creates; members and health monitors have no description. */
export interface BalancerResource {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly provisioning_status: ProvisioningStatus;
  readonly operating_status: OperatingStatus;
  readonly admin_state_up: boolean;
  readonly created_at?: string;
}

interface Marked {
  readonly name?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly admin_state_up?: boolean;
}

interface Ref {
  readonly id: string;
}

export interface BalancerFilter {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  /** Every one of these; as one text, separated by commas. */
  readonly tags?: string;
  readonly project_id?: string;
  readonly loadbalancer_id?: string;
}

export interface LoadBalancer extends BalancerResource {
  readonly vip_address: string;
  readonly vip_port_id: string;
  readonly vip_subnet_id: string;
  readonly vip_network_id: string;
  readonly provider: string;
  readonly flavor_id: string | null;
  readonly availability_zone: string | null;
  readonly listeners: readonly Ref[];
  readonly pools: readonly Ref[];
}

export type LoadBalancerUpdate = Marked;

export interface LoadBalancerCreate extends LoadBalancerUpdate {
  readonly vip_subnet_id?: string;
  readonly vip_network_id?: string;
  readonly vip_port_id?: string;
  readonly vip_address?: string;
  readonly provider?: string;
  readonly flavor_id?: string;
  readonly availability_zone?: string;
  /** Everything below it in the same call, which not every provider takes. */
  readonly listeners?: readonly Omit<ListenerCreate, 'loadbalancer_id'>[];
  readonly pools?: readonly Omit<PoolCreate, 'loadbalancer_id' | 'listener_id'>[];
}

export interface Listener extends BalancerResource {
  readonly protocol: string;
  readonly protocol_port: number;
  readonly default_pool_id: string | null;
  readonly connection_limit: number;
  /** Milliseconds. */
  readonly timeout_client_data: number;
  readonly timeout_member_connect: number;
  readonly timeout_member_data: number;
  readonly timeout_tcp_inspect: number;
  readonly allowed_cidrs: readonly string[] | null;
  readonly loadbalancers: readonly Ref[];
}

export interface ListenerUpdate extends Marked {
  readonly default_pool_id?: string | null;
  readonly connection_limit?: number;
  readonly timeout_client_data?: number;
  readonly timeout_member_connect?: number;
  readonly timeout_member_data?: number;
  readonly allowed_cidrs?: readonly string[] | null;
}

export interface ListenerCreate extends ListenerUpdate {
  readonly loadbalancer_id: string;
  readonly protocol: string;
  readonly protocol_port: number;
  readonly default_pool?: Omit<PoolCreate, 'loadbalancer_id' | 'listener_id'>;
}

export interface Pool extends BalancerResource {
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly session_persistence: unknown;
  readonly members: readonly Ref[];
  readonly healthmonitor_id: string | null;
  readonly listeners: readonly Ref[];
  readonly loadbalancers: readonly Ref[];
}

export interface PoolUpdate extends Marked {
  readonly lb_algorithm?: string;
}

export interface PoolCreate extends PoolUpdate {
  readonly loadbalancer_id?: string;
  /** Makes it this listener's default pool. */
  readonly listener_id?: string;
  readonly protocol: string;
  readonly lb_algorithm: string;
  readonly members?: readonly MemberCreate[];
  readonly healthmonitor?: Omit<HealthMonitorCreate, 'pool_id'>;
}

export interface Member extends BalancerResource {
  readonly address: string;
  readonly protocol_port: number;
  readonly weight: number;
  readonly backup: boolean;
  readonly subnet_id: string | null;
  readonly monitor_address: string | null;
  readonly monitor_port: number | null;
}

export interface MemberUpdate extends Marked {
  readonly weight?: number;
  readonly backup?: boolean;
  readonly monitor_address?: string | null;
  readonly monitor_port?: number | null;
}

export interface MemberCreate extends MemberUpdate {
  readonly address: string;
  readonly protocol_port: number;
  readonly subnet_id?: string;
}

export interface HealthMonitor extends BalancerResource {
  readonly type: string;
  /** Seconds between two checks, and for one. */
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
  readonly max_retries_down: number;
  readonly url_path: string | null;
  readonly expected_codes: string | null;
  readonly http_method: string | null;
  readonly http_version: number | null;
  readonly domain_name: string | null;
  readonly pools: readonly Ref[];
}

export interface HealthMonitorUpdate extends Marked {
  readonly delay?: number;
  readonly timeout?: number;
  readonly max_retries?: number;
  readonly max_retries_down?: number;
  readonly url_path?: string;
  readonly expected_codes?: string;
  readonly http_method?: string;
  readonly http_version?: number;
  readonly domain_name?: string;
}

export interface HealthMonitorCreate extends HealthMonitorUpdate {
  readonly pool_id: string;
  readonly type: string;
  readonly delay: number;
  readonly timeout: number;
  readonly max_retries: number;
}

export interface BalancerQuota {
  readonly load_balancer: number | null;
  readonly listener: number | null;
  readonly pool: number | null;
  readonly member: number | null;
  readonly health_monitor: number | null;
}

/** A load balancer and all below it with their two statuses. */
export interface StatusTree {
  readonly id: string;
  readonly name: string;
  readonly provisioning_status: ProvisioningStatus;
  readonly operating_status: OperatingStatus;
  readonly listeners: readonly (StatusNode & { readonly pools: readonly PoolStatus[] })[];
  readonly pools?: readonly PoolStatus[];
}

export interface StatusNode {
  readonly id: string;
  readonly name: string;
  readonly provisioning_status: ProvisioningStatus;
  readonly operating_status: OperatingStatus;
}

export interface PoolStatus extends StatusNode {
  readonly members: readonly (StatusNode & { readonly address: string; readonly protocol_port: number })[];
  readonly health_monitor?: Partial<StatusNode>;
}
