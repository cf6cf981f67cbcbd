/** `<kind>/<name>`: one resource of a cluster, called the same in every run. */
export type Key = string;

/** In a spec, in place of what only the cloud knows: a fact of another resource, its `id` or another. */
export interface Reference {
  readonly $of: Key;
  readonly fact: string;
}

/** A value that is known now, or once another resource is there. */
export type Known<T extends string = string> = T | Reference;

/** A spec whose references are filled. */
export type Filled<Spec> = Spec extends Reference
  ? never
  : Spec extends object
    ? { readonly [Field in keyof Spec]: Filled<Spec[Field]> }
    : Spec;

/** What one resource is to be. Specs are JSON with references in it. */
export interface Desired<Spec = unknown> {
  readonly key: Key;
  readonly kind: string;
  /** What the cloud calls it. */
  readonly name: string;
  readonly spec: Spec;
  /** Resources that must be there first, beside those that the spec refers to. */
  readonly after: readonly Key[];
  /** The cluster's node that it belongs to. */
  readonly node: string | undefined;
}

/** A resource as the cloud has it. */
export interface Observed<Item = unknown> {
  readonly key: Key;
  readonly kind: string;
  /** The cloud's own id. */
  readonly id: string;
  readonly name: string;
  /** failed: it will not become ready by itself. */
  readonly state: 'ready' | 'pending' | 'failed';
  /** Why it failed, or what it waits for; empty: nothing to say. */
  readonly detail: string;
  /** What others may refer to; `id` is always there. */
  readonly facts: Readonly<Record<string, string>>;
  /** When it was made (ISO 8601): of two with one key, the older counts. */
  readonly created: string;
  /** As the cloud's API tells it. */
  readonly item: Item;
  /** Who made it, where `boot` did not. */
  readonly maker?: 'kubernetes';
}

/** Where a resource is not what it is to be. */
export interface Difference {
  readonly field: string;
  readonly has: string;
  readonly wants: string;
  /** update: it can be changed as it is. replace: only another one can have it. */
  readonly fix: 'update' | 'replace';
}

/** Facts of resources by key. */
export type Facts = ReadonlyMap<Key, Readonly<Record<string, string>>>;

/** A fact of another resource. */
export function of(key: Key, fact = 'id'): Reference {
  return { $of: key, fact };
}

/** The keys that a spec refers to, each once. */
export function referencesIn(spec: unknown): Key[] {
  const found = new Set<Key>();
  visit(spec);
  return [...found];

  function visit(value: unknown): void {
    if (isReference(value)) found.add(value.$of);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  }
}

/**
 * The spec with its references filled. What is not known yet becomes `(new <key>)`, which is nothing that a cloud has: compared
 * with what is there, it is a difference.
 */
export function withFacts<Spec>(spec: Spec, facts: Facts): Spec {
  return filled(spec) as Spec;

  function filled(value: unknown): unknown {
    if (isReference(value)) return facts.get(value.$of)?.[value.fact] ?? unknownFact(value.$of);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)]));
  }
}

function unknownFact(key: Key): string {
  return `(new ${key})`;
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && '$of' in value;
}
