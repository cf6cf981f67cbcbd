/** What forms are made of: see whole-clusters.ts. */
import fc from 'fast-check';
import { known, type Document, type Family } from './blueprints.ts';
import { behind, objectsOf, published, withoutUndefined, type Known } from './schema.ts';

/** What a form makes of a blueprint. */
export type Form = (document: Document) => Document;

export interface Machine extends Document {
  readonly name: string;
  readonly roles: readonly string[];
}

export const inside = (value: unknown): Document => (value ?? {}) as Document;
export const machinesOf = ({ nodes }: Document): readonly Machine[] => nodes as readonly Machine[];
export const namesOf = (document: Document, role: string): string[] =>
  machinesOf(document)
    .filter(({ roles }) => roles.includes(role))
    .map(({ name }) => name);

/** The families of the nodes' networks, the primary one first. */
export const familiesOf = ({ network }: Document): Family[] =>
  [inside(network)['nodes'] as string | string[]].flat().map((text) => (text.includes(':') ? 'ipv6' : 'ipv4'));
export const hostOf = (document: Document): string =>
  familiesOf(document)[0] === 'ipv6' ? '[2001:db8::5]' : '192.0.2.5';

/** What other keys of the form decide on. */
const left: Known = (path) =>
  /^components\.(pacemaker\.fencing|corosync\.(tieBreakers|nodeIds|qdevice\.host)|glusterfs\.(arbiter|persistentVolumes))$/.test(
    path,
  )
    ? fc.constant(path.endsWith('host') ? '192.0.2.250' : undefined)
    : known(path);

export function optionsOf(component: string): fc.Arbitrary<Document> {
  const schema = behind(published.properties?.['components'] ?? {}).properties?.[component] ?? {};
  return objectsOf(schema, `components.${component}`, left);
}

/** Options of components in place of what the blueprint has of them; those that are undefined go. */
export function withComponents(document: Document, components: Document): Document {
  return { ...document, components: withoutUndefined({ ...inside(document['components']), ...components }) };
}

/** The same keys of an object without some. */
export function without(value: unknown, ...keys: readonly string[]): Document | undefined {
  if (value === undefined) return undefined;
  return Object.fromEntries(Object.entries(inside(value)).filter(([key]) => !keys.includes(key)));
}

/** An endpoint of somebody else in place of haproxy on every node's loopback. */
export function withoutLoopback(document: Document): Document {
  const endpoint = inside(document['endpoint']);
  if (endpoint['type'] !== 'loopback') return document;
  return { ...document, endpoint: { ...endpoint, type: 'external', internal: `${hostOf(document)}:6443` } };
}

export const DEBIAN = [
  { name: 'debian', version: '12' },
  { name: 'debian', version: '13', arch: 'arm64' },
  { name: 'ubuntu', version: '24.04' },
];
export const PACKAGED = [...DEBIAN, { name: 'rocky', version: '9' }];

/** These systems in place of others, by turns; machines that only balance keep theirs. */
export function onSystems(document: Document, systems: readonly object[], turn: number): Document {
  const osOf = (index: number): object => systems[(index + turn) % systems.length] ?? {};
  const turned = (machine: Machine, index: number): Document =>
    machine.roles.includes('load-balancer') ? machine : { ...machine, os: osOf(index) };
  return withoutUndefined({
    ...document,
    os: osOf(0),
    nodes: machinesOf(document).map(turned),
    nodeGroups: (document['nodeGroups'] as readonly Machine[] | undefined)?.map(turned),
  });
}
