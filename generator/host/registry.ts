/**
 * What a tag points at in a container registry, by the OCI distribution specification v1.1: manifest by tag, bearer
 * token where the registry asks for one (anonymous; Triskel has no registry passwords), digest checked against the bytes.
 */
import { sha256 } from '../base/digests.ts';
import type { ImageReference } from '../base/images.ts';
import type { Fetched, HttpClient, HttpResponse } from './http.ts';
import type { HttpFailure } from './http-failure.ts';

/** One place where an image may be had. */
export interface RegistryHost {
  /** Base URL without `/v2`; it may have a path, as a mirror's. */
  readonly url: string;
  /** The registry that this host mirrors: containerd tells mirrors by the query `ns=`. */
  readonly mirrorOf?: string;
  readonly ca?: string | undefined;
}

export interface TaggedImage {
  /** `sha256:…` of the index, or of the manifest where the tag has no index. */
  readonly digest: string;
  /** `linux/amd64`, …: what nodes can run it. */
  readonly platforms: readonly string[];
}

interface Manifest {
  readonly manifests?: readonly { readonly platform?: { readonly os?: string; readonly architecture?: string } }[];
  readonly config?: { readonly digest?: string };
  readonly schemaVersion?: number;
}

/** The index first: its digest holds for every architecture. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** The specification asks registries to take manifests of 4 MiB at least; configs and tokens are far smaller. */
const MAX_DOCUMENT = 4 << 20;

/** Where the registry itself answers. */
export function registryHost(registry: string): RegistryHost {
  return { url: `https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}` };
}

/** The digest that the image's tag has now, and the platforms it has. */
export async function lookUpTag(
  client: HttpClient,
  host: RegistryHost,
  image: ImageReference,
): Promise<Fetched<TaggedImage>> {
  // containerd appends /v2 to a mirror's path unless it is there (docs/hosts.md).
  const base = `${host.url.replace(/\/+$/, '').replace(/\/v2$/, '')}/v2/${image.repository}`;
  const query = host.mirrorOf === undefined ? '' : `?ns=${encodeURIComponent(host.mirrorOf)}`;
  let authorization: string | undefined;

  async function document(path: string): Promise<Fetched<HttpResponse>> {
    const url = `${base}/${path}${query}`;
    const ask = (): Promise<Fetched<HttpResponse>> => {
      const headers = { accept: MEDIA_TYPES, ...(authorization === undefined ? {} : { authorization }) };
      return client.get(url, MAX_DOCUMENT, { headers, ca: host.ca });
    };
    let answer = await ask();
    if (answer.ok && answer.value.status === 401 && authorization === undefined) {
      const token = await anonymousToken(client, url, answer.value, host);
      if (!token.ok) return token;
      authorization = `Bearer ${token.value}`;
      answer = await ask();
    }
    return answer.ok && answer.value.status !== 200 ? failed(refusal(url, answer.value)) : answer;
  }

  const answer = await document(`manifests/${image.tag}`);
  if (!answer.ok) return answer;
  const { body, headers } = answer.value;
  const url = `${base}/manifests/${image.tag}`;
  const digest = `sha256:${sha256(body)}`;
  const claimed = headers['docker-content-digest'];
  if (claimed?.startsWith('sha256:') === true && claimed !== digest)
    return failed({
      kind: 'content',
      url,
      detail: `its digest is said to be ${claimed}, and the bytes have ${digest}`,
    });
  const manifest = jsonOf(body) as Manifest | undefined;
  if (manifest?.schemaVersion !== 2)
    return failed({ kind: 'content', url, detail: 'the answer is no image manifest of schema version 2' });
  if (manifest.manifests !== undefined)
    return { ok: true, value: { digest, platforms: manifest.manifests.flatMap(({ platform }) => named(platform)) } };
  const configDigest = manifest.config?.digest ?? '';
  if (!/^sha256:[0-9a-f]{64}$/.test(configDigest))
    return failed({ kind: 'content', url, detail: 'the manifest names no config' });
  const config = await document(`blobs/${configDigest}`);
  if (!config.ok) return config;
  if (`sha256:${sha256(config.value.body)}` !== configDigest)
    return failed({ kind: 'content', url: `${base}/blobs/${configDigest}`, detail: 'the config has another digest' });
  return { ok: true, value: { digest, platforms: named(jsonOf(config.value.body)) } };
}

/** A token as the distribution project's token specification has it, asked for without credentials. */
async function anonymousToken(
  client: HttpClient,
  asked: string,
  refused: HttpResponse,
  host: RegistryHost,
): Promise<Fetched<string>> {
  const { realm, ...parameters } = bearerChallenge(refused.headers['www-authenticate'] ?? '');
  const url = realm !== undefined && URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || (url.protocol === 'http:' && asked.startsWith('https:')))
    return failed(refusal(asked, refused));
  for (const name of ['service', 'scope']) {
    const value = parameters[name];
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const answer = await client.get(url.href, MAX_DOCUMENT, { ca: host.ca });
  if (!answer.ok) return answer;
  const document = answer.value.status === 200 ? jsonOf(answer.value.body) : undefined;
  const { token, access_token: accessToken } = (document ?? {}) as { token?: unknown; access_token?: unknown };
  const value = token ?? accessToken;
  // What goes into a header may hold nothing that ends it.
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
    ? { ok: true, value }
    : failed({ ...refusal(asked, refused), detail: `${url.host} gives no token without a login` });
}

/** The parameters of a `Bearer` challenge (RFC 6750); nothing when there is none. */
function bearerChallenge(header: string): Record<string, string | undefined> {
  const parameters = /(?:^|,\s*)Bearer\s+(.*)$/i.exec(header)?.[1] ?? '';
  return Object.fromEntries(
    [...parameters.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map((m) => [
      (m[1] ?? '').toLowerCase(),
      m[2]?.replace(/\\(.)/g, '$1') ?? m[3],
    ]),
  );
}

function refusal(url: string, { status, headers }: HttpResponse): HttpFailure {
  const login = status === 401 || status === 403;
  return { kind: login ? 'login' : 'status', url, status, headers, detail: `HTTP ${String(status)}` };
}

function failed(failure: HttpFailure): { readonly ok: false; readonly failure: HttpFailure } {
  return { ok: false, failure };
}

function named(platform: unknown): string[] {
  const { os, architecture } = (platform ?? {}) as { os?: unknown; architecture?: unknown };
  // Attestations stand in an index as unknown/unknown.
  return typeof os === 'string' && typeof architecture === 'string' && os !== 'unknown'
    ? [`${os}/${architecture}`]
    : [];
}

function jsonOf(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    return value !== null && typeof value === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}
