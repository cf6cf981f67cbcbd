import { checksumFilesOf, fileNameOf, findChecksum } from '../base/checksums.ts';
import type { Fetched, HttpClient, OnBytes, RequestOptions } from './http.ts';

/** More than this is no checksum file. */
const MAX_CHECKSUM_FILE = 1 << 20;

export interface ReleaseHash {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** The checksum file that says so; undefined: the file itself was fetched and hashed. */
  readonly publishedAt: string | undefined;
}

/**
 * The sha256 of what lies at a URL. A checksum file beside it is asked first; one that is missing, or that does not name
 * the file, or that is something else (the page of a portal), counts as none, and the file itself is fetched and hashed.
 */
export async function releaseHash(
  client: HttpClient,
  url: string,
  options: RequestOptions = {},
  onBytes?: OnBytes,
): Promise<Fetched<ReleaseHash>> {
  for (const candidate of checksumFilesOf(url)) {
    const answer = await client.get(candidate.url, MAX_CHECKSUM_FILE, options);
    if (!answer.ok) {
      if (answer.failure.kind === 'too-large') continue;
      return answer;
    }
    if (answer.value.status !== 200) continue;
    const text = Buffer.from(answer.value.body).toString('utf8');
    const sha256 = findChecksum(text, fileNameOf(url), candidate.single);
    if (sha256 !== undefined) return { ok: true, value: { sha256, publishedAt: candidate.url } };
  }
  const digest = await client.digest(url, options, onBytes);
  return digest.ok ? { ok: true, value: { sha256: digest.value, publishedAt: undefined } } : digest;
}
