import { parseImage } from '../base/images.ts';
import { groupBy } from '../base/order.ts';
import type { Path } from '../base/paths.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { systemFacts } from '../cluster/systems.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';

/** What a cluster that is cut off would ask for outside: programs, packages, images, the time; nothing where it is not. */
export function outsideSources(cluster: Cluster, plans: readonly NodePlan[]): Diagnostic[] {
  if (!cluster.airGapped) return [];
  const { servers, pools } = cluster.time;
  const hasClocks = servers.length + pools.length > 0;
  const found: readonly (readonly [Path, string | undefined])[] = [
    [['binaries'], programs(cluster, plans)],
    [['packages'], packages(cluster, plans)],
    ...images(cluster, plans).map((text) => [['registries'], text] as const),
    [['time'], hasClocks ? undefined : 'nodes ask the time servers of their images'],
    [['proxy'], cluster.proxy === undefined ? undefined : 'nodes reach outside by a proxy'],
  ];
  return found.flatMap(([path, text]) => {
    return text === undefined ? [] : [diagnostic('plan/outside-source', text, [at(path), at(['airGapped'])])];
  });
}

function programs({ binaries }: Cluster, plans: readonly NodePlan[]): string | undefined {
  if (binaries.source === 'image' || binaries.mirror !== undefined) return undefined;
  const urls = plans.flatMap(({ downloads }) => downloads.map(({ url }) => new URL(url).host));
  return urls.length === 0 ? undefined : `nodes fetch files from ${[...new Set(urls)].sort().join(', ')}`;
}

function packages({ packages: given }: Cluster, plans: readonly NodePlan[]): string | undefined {
  if (given.source === 'image' || given.mirror !== undefined) return undefined;
  const systems = plans.map(({ node }) => systemFacts[node.os.name]).filter(({ packageManager }) => packageManager !== 'none');
  const titles = [...new Set(systems.map(({ title }) => title))];
  return titles.length === 0 ? undefined : `nodes install packages from the servers of ${titles.join(' and ')}`;
}

/** Every registry that containerd would ask itself, and what it would pull there. */
function images(cluster: Cluster, plans: readonly NodePlan[]): string[] {
  const planned = plans.flatMap((plan) => plan.images.map(({ reference }) => reference));
  const own = cluster.addons.manifests.flatMap(({ documents }) => documents.flatMap(({ object }) => imagesIn(object)));
  const mirrored = cluster.mirrors.filter(({ onlyMirrors }) => onlyMirrors).map(({ registry }) => registry);
  const references = [...new Set([...planned, ...own])].sort();
  const asked = groupBy(references, (reference) => parseImage(reference)?.registry ?? reference);
  return [...asked]
    .filter(([registry]) => !mirrored.includes(registry))
    .map(([registry, of]) => `nodes pull ${of[0] ?? ''}${of.length > 1 ? ` and ${String(of.length - 1)} more` : ''} from ${registry}`);
}

/** Whatever is called image in an object. */
function imagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    return key === 'image' && typeof inner === 'string' ? [inner] : imagesIn(inner);
  });
}
