/** What the in-memory cloud has to offer: that of the lab. */

export interface FlavorOffer {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ram: number;
  readonly disk: number;
}

const flavor = (number: number, name: string, vcpus: number, ram: number, disk: number): FlavorOffer => ({
  id: `00000000-0000-4000-9000-00000000000${String(number)}`,
  name,
  vcpus,
  ram,
  disk,
});

export const FLAVORS: readonly FlavorOffer[] = [
  flavor(1, 'm1.tiny', 1, 512, 1),
  flavor(2, 'm1.small', 1, 2048, 20),
  flavor(3, 'm1.medium', 2, 4096, 40),
  flavor(4, 'm1.large', 4, 8192, 80),
];

/** As Nova tells it. */
export function flavorBody({ id, name, vcpus, ram, disk }: FlavorOffer): Record<string, unknown> {
  return {
    id,
    name,
    vcpus,
    ram,
    disk,
    description: null,
    extra_specs: {},
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'os-flavor-access:is_public': true,
  };
}

/** As Glance tells it. */
export const IMAGES: readonly Readonly<Record<string, unknown>>[] = [
  {
    id: '00000000-0000-4000-a000-000000000001',
    name: 'tiny',
    container_format: 'bare',
    disk_format: 'qcow2',
    created_at: '2026-01-01T00:00:00Z',
    min_disk: 0,
    min_ram: 0,
    owner: `${'0'.repeat(30)}29`,
    size: 196616,
    status: 'active',
    tags: [],
    visibility: 'public',
  },
];
