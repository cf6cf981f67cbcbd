/** Glance: images, to read (https://docs.openstack.org/api-ref/image/v2/). */
import { collection, type Readable } from '../collection.ts';
import type { Session } from '../session.ts';

export interface Image {
  readonly id: string;
  readonly name: string | null;
  /** queued, saving, active, deactivated, … */
  readonly status: string;
  readonly visibility: string;
  readonly owner: string | null;
  readonly disk_format: string | null;
  readonly container_format: string | null;
  /** Bytes. */
  readonly size: number | null;
  /** GiB and MiB that a server needs at least. */
  readonly min_disk: number;
  readonly min_ram: number;
  readonly tags: readonly string[];
  readonly created_at: string;
  readonly updated_at: string;
  readonly architecture?: string;
  readonly hw_disk_bus?: string;
}

export interface ImageFilter {
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
  readonly visibility?: string;
  readonly tag?: string;
}

export interface ImageService {
  readonly images: Readable<Image, ImageFilter>;
}

export function imageService(session: Session): ImageService {
  return { images: collection(session, { service: 'image', path: '/images', one: '', many: 'images' }) };
}
