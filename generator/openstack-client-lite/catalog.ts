/** The catalog: which URL a service has for us. */
import { CloudError } from './errors.ts';
import type { CatalogEndpoint, CatalogService } from './token.ts';

/** The services that this client knows. */
export type ServiceName = 'identity' | 'compute' | 'network' | 'load-balancer' | 'image' | 'block-storage';

/** Where services are looked for. */
export interface EndpointChoice {
  /** Default: the only region. */
  readonly region?: string | undefined;
  /** Interfaces in order of preference: public, internal, admin. Default: public. */
  readonly interfaces?: readonly string[] | undefined;
  /** URLs that take the place of the catalog's. */
  readonly overrides?: Readonly<Partial<Record<ServiceName, string>>> | undefined;
}

/** A service's types in catalogs, the official one first (https://service-types.openstack.org/service-types.json). */
const TYPES: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: ['identity', 'identityv3'],
  compute: ['compute', 'computev21'],
  network: ['network'],
  'load-balancer': ['load-balancer'],
  image: ['image'],
  'block-storage': ['block-storage', 'block-store', 'volumev3'],
};

/**
 * The version's part of the path, which catalogs have or leave out. Nova and Cinder name it, and Cinder's may end with the
 * project's id; the others are versioned below their root.
 */
const VERSIONS: Readonly<Record<ServiceName, string>> = {
  identity: 'v3',
  compute: 'v2.1',
  network: 'v2.0',
  'load-balancer': 'v2.0',
  image: 'v2',
  'block-storage': 'v3',
};

/** The service's URL with its version and without a slash at its end. Throws a `CloudError` of kind `catalog`. */
export function endpointOf(
  catalog: readonly CatalogService[],
  service: ServiceName,
  { region, interfaces = ['public'], overrides = {} }: EndpointChoice,
): string {
  const override = overrides[service];
  if (override !== undefined) return versioned(service, override);
  const endpoints = TYPES[service].flatMap(
    (type) => catalog.filter((entry) => entry.type === type)[0]?.endpoints ?? [],
  );
  if (endpoints.length === 0) throw missing(service, `the cloud's catalog has no service ${service}`);
  const regions = new Set(endpoints.map(regionOf));
  if (region === undefined && regions.size > 1)
    throw missing(service, `the cloud has several regions and none is chosen: ${[...regions].sort().join(', ')}`);
  const near = region === undefined ? endpoints : endpoints.filter((endpoint) => regionOf(endpoint) === region);
  if (near.length === 0)
    throw missing(
      service,
      `${service} is not in the region ${String(region)}; there is: ${[...regions].sort().join(', ')}`,
    );
  for (const wanted of interfaces) {
    const found = near.find((endpoint) => endpoint.interface === wanted);
    if (found !== undefined) return versioned(service, found.url);
  }
  throw missing(service, `${service} has no interface ${interfaces.join(' or ')}`);
}

/** Where a service tells its versions: its URL without the project's id, which Cinder's and Nova's may end with. */
export function versionRoot(url: string): string {
  return `${url.replace(/(\/v\d[\d.]*)\/[^/]+$/, '$1')}/`;
}

/** True when the catalog has the service, in any region. */
export function hasService(catalog: readonly CatalogService[], service: ServiceName): boolean {
  return catalog.some(({ type, endpoints }) => TYPES[service].includes(type) && endpoints.length > 0);
}

function regionOf({ region_id, region }: CatalogEndpoint): string {
  return region_id ?? region ?? '';
}

function versioned(service: ServiceName, url: string): string {
  const bare = url.replace(/\/+$/, '');
  return /\/v\d[\d.]*(\/[^/]+)?$/.test(bare) ? bare : `${bare}/${VERSIONS[service]}`;
}

function missing(service: ServiceName, detail: string): CloudError {
  return new CloudError({ service, method: 'GET', path: '/' }, { kind: 'catalog', detail });
}
