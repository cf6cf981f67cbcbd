import { parseImage } from '../base/images.ts';
import { sortedBy } from '../base/order.ts';
import type { Cluster, Pins } from '../cluster/cluster.ts';
import type { Code } from '../diagnostics/catalog/index.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Fetched, HttpClient } from '../host/http.ts';
import type { HttpFailure } from '../host/http-failure.ts';
import { lookUpTag, registryHost, type RegistryHost, type TaggedImage } from '../host/registry.ts';
import { releaseHash } from '../host/release-files.ts';
import { mirrored } from '../platforms/shared/downloads.ts';
import type { DownloadTarget, ImageTarget, PinTargets } from './pin-targets.ts';

export interface LookupOptions {
  /** Ask for every download, those whose hash is known too. */
  readonly all: boolean;
  /** Take what servers have now where it differs from what is pinned. */
  readonly update: boolean;
}

export interface PinChange {
  readonly change: 'added' | 'changed' | 'dropped';
  readonly name: string;
  /** The new hash; the old one of an entry that was dropped. */
  readonly hash: string;
  /** Where the hash was published; undefined: it is the hash of the very bytes. */
  readonly publishedAt?: string | undefined;
}

export interface LookupResult {
  readonly pins: Pins;
  readonly changes: readonly PinChange[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Told what is being looked up: `done` of `total`, and bytes where one file takes long. */
export type Progress = (name: string, done: number, total: number, received?: number, size?: number) => void;

const AT_ONCE = 4;

/** Asks servers for what is not pinned, and whether tags still point where they are pinned. Drops entries without use. */
export async function lookUpPins(
  cluster: Cluster,
  targets: PinTargets,
  options: LookupOptions,
  client: HttpClient,
  progress: Progress,
): Promise<LookupResult> {
  const diagnostics: Diagnostic[] = [];
  const changes: PinChange[] = [];
  const downloads = used(cluster.pins.downloads, new Set(targets.downloads.map((target) => target.url)));
  const images = used(cluster.pins.images, new Set(targets.images.map((target) => target.reference)));
  const asked = targets.downloads.filter((target) => options.all || target.known === undefined);
  const total = asked.length + targets.images.length;
  let done = 0;

  await inTurns([...asked, ...targets.images], async (target) => {
    if ('url' in target) await download(target);
    else await image(target);
    done++;
  });
  return {
    pins: { downloads, images },
    changes: sortedBy(changes, ({ name }) => name),
    diagnostics: sortedBy(diagnostics, ({ message }) => message),
  };

  async function download(target: DownloadTarget): Promise<void> {
    progress(target.title, done, total);
    const { mirror, mirrorCa: ca } = cluster.binaries;
    const url = mirrored(target.url, mirror);
    const found = await releaseHash(client, url, { ca }, (received, size) => {
      progress(target.title, done, total, received, size);
    });
    if (!found.ok) fail(target.title, [found.failure], target.known !== undefined);
    else {
      const { sha256, publishedAt } = found.value;
      if (target.known !== undefined && target.known !== sha256 && !options.update) {
        const message = `${target.title}: known by sha256 ${target.known}, and ${publishedAt ?? url} says ${sha256}`;
        report('pin/changed-file', message);
      } else set(downloads, target.url, sha256, publishedAt);
    }
  }

  async function image(target: ImageTarget): Promise<void> {
    progress(target.reference, done, total);
    const pinned = images[target.reference];
    const found = await tagOf(client, cluster, target.reference);
    if (!found.ok) {
      fail(target.reference, found.failures, pinned !== undefined);
      return;
    }
    const { digest, platforms } = found.value;
    const missing = target.platforms.filter((platform) => !platforms.includes(platform));
    if (missing.length > 0) {
      const message = `${target.reference} is for ${platforms.join(', ') || 'no platform'}; nodes need ${missing.join(', ')}`;
      report('pin/no-platform', message);
    } else if (pinned !== undefined && pinned !== digest && !options.update) {
      report('pin/moved-tag', `${target.reference} is pinned at ${pinned} and is now ${digest}`);
    } else set(images, target.reference, digest, undefined);
  }

  function used(entries: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> {
    for (const [name, hash] of Object.entries(entries))
      if (!names.has(name)) changes.push({ change: 'dropped', name, hash });
    return Object.fromEntries(Object.entries(entries).filter(([name]) => names.has(name)));
  }

  function set(entries: Record<string, string>, name: string, hash: string, publishedAt: string | undefined): void {
    const before = entries[name];
    if (before === hash) return;
    entries[name] = hash;
    changes.push({ change: before === undefined ? 'added' : 'changed', name, hash, publishedAt });
  }

  function report(code: Code, message: string): void {
    diagnostics.push(diagnostic(code, message));
  }

  function fail(name: string, failures: readonly HttpFailure[], pinned: boolean): void {
    const said = failures.map(({ url, detail, attempts }) => {
      return `${url}: ${detail}${attempts === undefined ? '' : ` (${String(attempts)} attempts)`}`;
    });
    const last = failures.at(-1);
    const code = pinned ? 'pin/unchecked' : last === undefined ? 'pin/refused' : codeOf(last);
    report(code, `${name} could not be looked up; ${said.join('; ')}`);
  }
}

const NETWORK_CODES = [
  'pin/no-answer',
  'pin/refused',
  'pin/login-needed',
  'pin/untrusted-certificate',
  'pin/unexpected-answer',
] as const;

/** True when a server or the network, and not the blueprint, stood in the way. */
export function isNetworkCode(code: Code): boolean {
  return NETWORK_CODES.some((known) => known === code);
}

function codeOf({ kind, status }: HttpFailure): (typeof NETWORK_CODES)[number] {
  switch (kind) {
    case 'status':
      return (status ?? 0) >= 500 || status === 429 ? 'pin/no-answer' : 'pin/refused';
    case 'login':
      return 'pin/login-needed';
    case 'certificate':
      return 'pin/untrusted-certificate';
    case 'redirect':
    case 'too-large':
    case 'content':
      return 'pin/unexpected-answer';
    case 'unknown-host':
    case 'network':
    case 'timeout':
    case 'truncated':
      return 'pin/no-answer';
  }
}

/** Asks mirrors in their order, then the registry itself, as containerd does. */
async function tagOf(
  client: HttpClient,
  cluster: Cluster,
  reference: string,
): Promise<{ ok: true; value: TaggedImage } | { ok: false; failures: HttpFailure[] }> {
  const image = parseImage(reference);
  const failures: HttpFailure[] = [];
  if (image === undefined)
    return { ok: false, failures: [{ kind: 'content', url: reference, detail: 'this is no image reference' }] };
  for (const host of hostsOf(cluster, image.registry)) {
    const found: Fetched<TaggedImage> = await lookUpTag(client, host, image);
    if (found.ok) return found;
    failures.push(found.failure);
  }
  return { ok: false, failures };
}

function hostsOf(cluster: Cluster, registry: string): RegistryHost[] {
  const mirrors = cluster.mirrors.filter((mirror) => mirror.registry === registry);
  const hosts = mirrors.flatMap(({ endpoints, ca }) => endpoints.map((url) => ({ url, mirrorOf: registry, ca })));
  return mirrors.some((mirror) => mirror.onlyMirrors) ? hosts : [...hosts, registryHost(registry)];
}

/** Runs the tasks in their order, a few at a time. */
async function inTurns<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
