import type { Actor } from '../../generator/clouds/apply.ts';
import type { Policy } from '../../generator/clouds/change-plan.ts';
import type { Desired, Key, Observed } from '../../generator/clouds/resource.ts';

/** Fields that can be changed while a resource is there. */
const CHANGEABLE = ['size'];
const RANKS = ['network', 'port', 'volume', 'server'];

/** A cloud that keeps specs and compares them field by field. */
export class MemoryCloud {
  #resources: Observed<Record<string, unknown>>[] = [];
  #made = 0;
  readonly #refused = new Map<string, { after: boolean }>();

  /** The next such call fails, with or without its effect. */
  refuse(call: string, afterEffect = false): void {
    this.#refused.set(call, { after: afterEffect });
  }

  observed(): readonly Observed[] {
    return this.#resources;
  }

  keys(): Key[] {
    return this.#resources.map(({ key }) => key).sort();
  }

  duplicate(key: Key): void {
    const twin = this.#resources.find((one) => one.key === key);
    if (twin !== undefined) this.#resources.push({ ...twin, id: this.#id(), created: this.#now() });
  }

  fail(key: Key, detail: string): void {
    this.#resources = this.#resources.map((one) => (one.key === key ? { ...one, state: 'failed', detail } : one));
  }

  readonly policy: Policy = {
    differences: ({ spec }, { item }) =>
      Object.entries(spec as Record<string, unknown>).flatMap(([field, wants]) => {
        const has = (item as Record<string, unknown>)[field];
        const fix = CHANGEABLE.includes(field) ? 'update' : 'replace';
        return has === wants ? [] : [{ field, has: String(has), wants: String(wants), fix }];
      }),
    mayReplace: () => true,
    unwanted: ({ kind }) => ({ action: kind === 'volume' ? 'keep' : 'delete', reason: 'not wanted any more' }),
  };

  readonly actor: Actor = {
    rank: ({ kind }) => RANKS.indexOf(kind),
    create: (desired) => {
      const earlier = this.#resources.find(({ key }) => key === desired.key);
      if (earlier !== undefined) return Promise.resolve(earlier);
      return this.#call(`create ${desired.key}`, () => this.#add(desired));
    },
    bundles: (wanted) => {
      const rules = wanted.filter(({ kind }) => kind === 'rule');
      return rules.length > 1 ? [rules] : [];
    },
    createTogether: (bundle) => this.#call('create rules', () => bundle.map((one) => this.#add(one))),
    settle: (observed) => Promise.resolve(observed),
    update: (desired, observed) =>
      this.#call(`update ${desired.key}`, () => {
        const changed = { ...observed, item: desired.spec as Record<string, unknown> };
        this.#resources = this.#resources.map((one) => (one.id === observed.id ? changed : one));
        return changed;
      }),
    remove: (observed) =>
      this.#call(`delete ${observed.key}`, () => {
        this.#resources = this.#resources.filter(({ id }) => id !== observed.id);
      }),
  };

  #add({ key, kind, name, spec }: Desired): Observed {
    const id = this.#id();
    const item = spec as Record<string, unknown>;
    const facts = { id };
    const made = { key, kind, id, name, state: 'ready', detail: '', facts, created: this.#now(), item } as const;
    this.#resources.push(made);
    return made;
  }

  async #call<T>(call: string, effect: () => T): Promise<T> {
    await Promise.resolve();
    const refused = this.#refused.get(call);
    this.#refused.delete(call);
    if (refused?.after === false) throw new Error(`${call} was refused`);
    const result = effect();
    if (refused?.after === true) throw new Error(`the answer to ${call} was lost`);
    return result;
  }

  #id(): string {
    return `id-${String(++this.#made)}`;
  }

  #now(): string {
    return String(this.#made).padStart(6, '0');
  }
}
