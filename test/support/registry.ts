import { createHash } from 'node:crypto';
import type { Route } from './server.ts';

/** A document with the digest of its bytes. */
export interface Stored {
  readonly type: string;
  readonly bytes: Buffer;
  readonly digest: string;
}

export function stored(type: string, value: unknown): Stored {
  const bytes = Buffer.from(JSON.stringify(value));
  return { type, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** An image index for these platforms (`linux/amd64`). Its manifests need not exist: who pins reads the index alone. */
export function imageIndex(...platforms: string[]): Stored {
  return stored('application/vnd.oci.image.index.v1+json', {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: platforms.map((platform, index) => {
      const [os, architecture] = platform.split('/');
      const digest = `sha256:${String(index).repeat(64).slice(0, 64)}`;
      return { mediaType: MANIFEST, digest, size: 1, platform: { os, architecture } };
    }),
  });
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** A manifest of one platform, and the config that it names. */
export function imageManifest(os: string, architecture: string): { manifest: Stored; config: Stored } {
  const config = stored('application/vnd.oci.image.config.v1+json', {
    os,
    architecture,
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const manifest = stored(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: config.type, digest: config.digest, size: config.bytes.length },
    layers: [],
  });
  return { manifest, config };
}

/** Answers with a stored document as a registry does. */
export function answer({ type, bytes, digest }: Stored): Route {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': type, 'docker-content-digest': digest }).end(bytes);
  };
}
