import type { Path } from '../base/paths.ts';
import type { Cluster } from '../cluster/cluster.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A part of an object of the blueprint's own manifests, and how messages call it. */
export interface ManifestPart {
  /** "manifests/shop.yaml: Deployment shop". */
  readonly what: string;
  readonly fields: Fields;
  /** Where the blueprint names the manifest. */
  readonly origin: Path;
}

/** Every object of the blueprint's own manifests. */
export function objectsOf({ addons }: Cluster): ManifestPart[] {
  return addons.manifests.flatMap(({ file, documents, origin }) =>
    documents.map(({ object }) => ({
      what: `${file}: ${object.kind} ${object.metadata.name}`,
      fields: object,
      origin,
    })),
  );
}

/** Every container of their pods, wherever in the object the pod stands (core/v1, PodSpec). */
export function containersOf(cluster: Cluster): ManifestPart[] {
  return mapsBelow(cluster).flatMap(({ what, fields, origin }) =>
    ['containers', 'initContainers'].flatMap((key) =>
      listOf(fields[key]).map((container) => {
        const name = typeof container['name'] === 'string' ? container['name'] : 'without a name';
        return { what: `${what}, container ${name}`, fields: container, origin };
      }),
    ),
  );
}

/** A port of its machine that a pod listens at. */
export interface HostPort {
  readonly what: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly origin: Path;
}

/** Ports that pods take from their machines: a hostPort, or any port of a pod in the machine's own network. */
export function hostPortsOf(cluster: Cluster): HostPort[] {
  return mapsBelow(cluster).flatMap(({ what, fields, origin }) =>
    listOf(fields['containers'])
      .flatMap((container) => listOf(container['ports']))
      .flatMap((port) => {
        const number = port['hostPort'] ?? (fields['hostNetwork'] === true ? port['containerPort'] : undefined);
        const protocol = port['protocol'] === 'UDP' ? 'udp' : 'tcp';
        return typeof number === 'number' ? [{ what, port: number, protocol, origin }] : [];
      }),
  );
}

/** Every map of every object, the objects themselves among them. */
export function mapsBelow(cluster: Cluster): ManifestPart[] {
  return objectsOf(cluster).flatMap((part) => mapsIn(part.fields).map((fields) => ({ ...part, fields })));
}

function mapsIn(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.flatMap(mapsIn);
  if (!isMap(value)) return [];
  return [value, ...Object.values(value).flatMap(mapsIn)];
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** True for a map of YAML. */
export function isMap(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
