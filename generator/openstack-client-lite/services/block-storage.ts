/** Cinder: volumes (https://docs.openstack.org/api-ref/block-storage/v3/). */
import { collection, item, unlessMissing, type Collection, type Readable } from '../collection.ts';
import type { Call, CallOptions, Session } from '../session.ts';

export interface Volume {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** creating, available, attaching, in-use, detaching, deleting, error, error_deleting, … */
  readonly status: string;
  /** GiB. */
  readonly size: number;
  readonly volume_type: string | null;
  readonly availability_zone: string | null;
  /** `true` or `false`. */
  readonly bootable: string;
  readonly encrypted: boolean;
  readonly multiattach: boolean;
  readonly attachments: readonly {
    readonly server_id: string;
    readonly attachment_id: string;
    readonly volume_id: string;
    readonly device: string | null;
  }[];
  readonly created_at: string;
}

export interface VolumeCreate {
  readonly name?: string;
  readonly description?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly size: number;
  readonly volume_type?: string;
  readonly availability_zone?: string;
  /** An image's id: the volume can be booted from. */
  readonly imageRef?: string;
}

export interface VolumeUpdate {
  readonly name?: string;
  readonly description?: string;
  /** All of it: what is not named goes. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface VolumeFilter {
  readonly name?: string;
  readonly status?: string;
  /** JSON of one or more pairs that a volume must have: `{"key":"value"}`. */
  readonly metadata?: string;
}

export interface VolumeType {
  readonly id: string;
  readonly name: string;
  readonly is_public: boolean;
  readonly extra_specs?: Readonly<Record<string, string>>;
}

/** Limits and what is used of them. A limit of -1: none. */
export interface VolumeLimits {
  readonly maxTotalVolumes: number;
  readonly maxTotalVolumeGigabytes: number;
  readonly maxTotalSnapshots: number;
  readonly totalVolumesUsed: number;
  readonly totalGigabytesUsed: number;
  readonly totalSnapshotsUsed: number;
}

export interface BlockStorageService {
  readonly volumes: Omit<Collection<Volume, VolumeCreate, VolumeUpdate, VolumeFilter>, 'delete'> & {
    /** With `cascade` its snapshots go, too. */
    readonly delete: (id: string, options?: CallOptions & { readonly cascade?: boolean }) => Promise<boolean>;
  };
  readonly volumeTypes: Readable<VolumeType>;
  readonly availabilityZones: (options?: CallOptions) => Promise<readonly AvailabilityZone[]>;
  readonly limits: (options?: CallOptions) => Promise<VolumeLimits>;
}

export interface AvailabilityZone {
  readonly zoneName: string;
  readonly zoneState: { readonly available: boolean };
}

export function blockStorageService(session: Session): BlockStorageService {
  const service = 'block-storage';
  const volumes = { service, path: '/volumes', listPath: '/volumes/detail', one: 'volume', many: 'volumes' } as const;
  return {
    volumes: {
      ...collection<Volume, VolumeCreate, VolumeUpdate, VolumeFilter>(session, volumes),
      delete: async (id, { cascade, ...options } = {}) => {
        const path = `/volumes/${encodeURIComponent(id)}`;
        const call: Call = { service, method: 'DELETE', path, query: { cascade } };
        return (await unlessMissing(session.request(call, options))) !== undefined;
      },
    },
    volumeTypes: collection(session, { service, path: '/types', one: 'volume_type', many: 'volume_types' }),
    availabilityZones: async (options) => {
      const call: Call = { service, method: 'GET', path: '/os-availability-zone' };
      const { body, status } = await session.request(call, options);
      return (item(call, body, '', status) as { availabilityZoneInfo?: AvailabilityZone[] }).availabilityZoneInfo ?? [];
    },
    limits: async (options) => {
      const call: Call = { service, method: 'GET', path: '/limits' };
      const { body, status } = await session.request(call, options);
      return item(call, item(call, body, 'limits', status), 'absolute', status) as VolumeLimits;
    },
  };
}
