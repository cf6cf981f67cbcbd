/** Nova's resources as its API has them from 2.64 on, as far as they are used (https://docs.openstack.org/api-ref/compute/). */

/** ACTIVE, BUILD, ERROR, SHUTOFF, DELETED, REBUILD, … */
export type ServerStatus = string;

export interface Server {
  readonly id: string;
  readonly name: string;
  readonly status: ServerStatus;
  readonly tenant_id: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** The flavor as it was when the server was made: by its name and figures, without its id. */
  readonly flavor: {
    readonly original_name: string;
    readonly vcpus: number;
    readonly ram: number;
    readonly disk: number;
  };
  /** Empty when it was booted from a volume. */
  readonly image: { readonly id: string } | '';
  readonly key_name: string | null;
  /** Tells hosts apart within a project and does not name them; empty as long as there is none. */
  readonly hostId: string;
  readonly config_drive: string;
  readonly addresses: Readonly<Record<string, readonly ServerAddress[]>>;
  readonly created: string;
  /** Ids. Since 2.71, and not in lists. */
  readonly server_groups?: readonly string[];
  /** Why it is in ERROR. */
  readonly fault?: { readonly code: number; readonly message: string };
  readonly 'OS-EXT-AZ:availability_zone': string;
  readonly 'OS-EXT-STS:task_state': string | null;
  readonly 'OS-EXT-STS:vm_state': string;
  readonly 'os-extended-volumes:volumes_attached': readonly {
    readonly id: string;
    readonly delete_on_termination: boolean;
  }[];
}

export interface ServerAddress {
  readonly addr: string;
  readonly version: 4 | 6;
  readonly 'OS-EXT-IPS:type': 'fixed' | 'floating';
  readonly 'OS-EXT-IPS-MAC:mac_addr': string;
}

export interface BlockDevice {
  readonly source_type: 'image' | 'volume' | 'blank';
  readonly destination_type: 'volume' | 'local';
  readonly uuid?: string;
  /** GiB. */
  readonly volume_size?: number;
  readonly volume_type?: string;
  readonly boot_index?: number;
  readonly delete_on_termination?: boolean;
  readonly tag?: string;
}

export interface ServerCreate {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Ids. */
  readonly flavorRef: string;
  readonly imageRef?: string;
  readonly networks: readonly { readonly port: string; readonly tag?: string }[] | 'none' | 'auto';
  readonly key_name?: string;
  readonly availability_zone?: string;
  /** Base64, 65,535 characters at most. */
  readonly user_data?: string;
  readonly config_drive?: boolean;
  readonly block_device_mapping_v2?: readonly BlockDevice[];
  readonly security_groups?: readonly { readonly name: string }[];
}

/** `group`: the server group's id. */
export interface SchedulerHints {
  readonly group?: string;
}

export interface ServerUpdate {
  readonly name?: string;
  readonly description?: string;
}

export interface ServerQuery {
  /** A regular expression (of the database) that is found anywhere in the name. */
  readonly name?: string;
  /** Every one of these; as one text, separated by commas. */
  readonly tags?: string;
  readonly status?: ServerStatus;
}

export interface ServerGroup {
  readonly id: string;
  readonly name: string;
  readonly policy: ServerGroupPolicy;
  readonly rules: { readonly max_server_per_host?: number };
  /** Ids of servers. */
  readonly members: readonly string[];
  readonly project_id: string;
}

export type ServerGroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity';

export interface ServerGroupCreate {
  readonly name: string;
  readonly policy: ServerGroupPolicy;
  readonly rules?: { readonly max_server_per_host?: number };
}

/** Belongs to a user, not to a project, and has no id but its name. */
export interface KeyPair {
  readonly name: string;
  readonly type: 'ssh' | 'x509';
  readonly fingerprint: string;
  readonly public_key: string;
}

export interface KeyPairCreate {
  readonly name: string;
  readonly type?: 'ssh' | 'x509';
  readonly public_key: string;
}

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  /** MiB. */
  readonly ram: number;
  /** GiB. 0: as large as the image, or the volume. */
  readonly disk: number;
  readonly 'OS-FLV-EXT-DATA:ephemeral': number;
  readonly 'os-flavor-access:is_public': boolean;
  readonly extra_specs?: Readonly<Record<string, string>>;
}

export interface AvailabilityZone {
  readonly zoneName: string;
  readonly zoneState: { readonly available: boolean };
}

/** Limits and what is used of them. A limit of -1: none. RAM in MiB. */
export interface ComputeLimits {
  readonly maxTotalInstances: number;
  readonly maxTotalCores: number;
  readonly maxTotalRAMSize: number;
  readonly maxTotalKeypairs: number;
  readonly maxServerGroups: number;
  readonly maxServerGroupMembers: number;
  readonly maxServerMeta: number;
  readonly totalInstancesUsed: number;
  readonly totalCoresUsed: number;
  readonly totalRAMUsed: number;
  readonly totalServerGroupsUsed: number;
}

/** A volume on a server. `id` is the volume's. */
export interface VolumeAttachment {
  readonly id?: string;
  readonly volumeId: string;
  readonly serverId: string;
  /** `/dev/vdb`: what Nova calls it, which need not be what the node does. */
  readonly device: string | null;
  readonly delete_on_termination?: boolean;
}

export interface InterfaceAttachment {
  readonly port_id: string;
  readonly net_id: string;
  readonly mac_addr: string;
  readonly port_state: string;
}
