/** What most kinds of things have in common: they are listed, read, made, changed and deleted by the same five calls. */
import { isRecord } from './error-body.ts';
import { CloudError } from './errors.ts';
import type { JsonAnswer } from './exchange.ts';
import { allPages } from './pages.ts';
import type { Query } from './query.ts';
import type { ServiceName } from './catalog.ts';
import type { Call, CallOptions, Session } from './session.ts';

export interface CreateOptions<Item> extends CallOptions {
  /**
   * Gives what an earlier attempt made, found by its mark. With it a POST whose answer was lost is made again, after this has
   * found nothing; without it such a failure is an error whose `mayHaveHappened` is true.
   */
  readonly existing?: (() => Promise<Item | undefined>) | undefined;
}

export interface Readable<Item, Filter = Query> {
  /** All that the filter lets through, from all pages. */
  readonly list: (filter?: Filter, options?: CallOptions) => Promise<Item[]>;
  /** Undefined: there is none of this id. */
  readonly get: (id: string, options?: CallOptions) => Promise<Item | undefined>;
}

export interface Deletable {
  /** False: there was none (any more). */
  readonly delete: (id: string, options?: CallOptions) => Promise<boolean>;
}

export interface Creatable<Item, Create> {
  readonly create: (body: Create, options?: CreateOptions<Item>) => Promise<Item>;
}

export interface BulkCreatable<Item, Create> {
  /** All of them or none, in one call; `existing` gives all that an earlier attempt made. */
  readonly createMany: (bodies: readonly Create[], options?: CreateOptions<readonly Item[]>) => Promise<Item[]>;
}

export interface Updatable<Item, Update> {
  /** Changes what is named, and nothing else. */
  readonly update: (id: string, changes: Update, options?: CallOptions) => Promise<Item>;
}

export interface Collection<Item, Create, Update, Filter = Query>
  extends Readable<Item, Filter>, Deletable, Creatable<Item, Create>, Updatable<Item, Update> {}

/** Where a kind of things lives in its API. */
export interface Place {
  readonly service: ServiceName;
  /** `/networks` */
  readonly path: string;
  /** The list's path where it is another: `/servers/detail`. */
  readonly listPath?: string;
  /** The key around one, and the one around many: `network`, `networks`. An empty `one`: nothing is around it. */
  readonly one: string;
  readonly many: string;
}

/** The five calls of a kind. Each place offers those of them that its API has. */
export function collection<Item, Create, Update, Filter extends object = Query>(
  session: Session,
  { service, path, listPath = path, one, many }: Place,
): Collection<Item, Create, Update, Filter> {
  const at = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  const wrapped = (body: unknown): unknown => (one === '' ? body : { [one]: body });
  const unwrapped = (call: Call, { body, status }: JsonAnswer): Item => item(call, body, one, status) as Item;
  return {
    list: async (filter, options) => {
      const call: Call = { service, method: 'GET', path: listPath, query: filter as Query | undefined };
      return (await allPages(session, call, many, options)) as Item[];
    },
    get: async (id, options) => {
      const call: Call = { service, method: 'GET', path: at(id) };
      const answer = await unlessMissing(session.request(call, options));
      return answer === undefined ? undefined : unwrapped(call, answer);
    },
    create: async (body, { existing, ...options } = {}) => {
      const call: Call = { service, method: 'POST', path, body: wrapped(body) };
      return unwrapped(call, await session.request(call, { ...options, existing: found(existing, wrapped) }));
    },
    update: async (id, changes, options) => {
      const call: Call = { service, method: 'PUT', path: at(id), body: wrapped(changes) };
      return unwrapped(call, await session.request(call, options));
    },
    delete: async (id, options) => {
      const call: Call = { service, method: 'DELETE', path: at(id) };
      return (await unlessMissing(session.request(call, options))) !== undefined;
    },
  };
}

/** Neutron's way to make several of a kind in one transaction (Network API, "Bulk-create"). */
export function bulk<Item, Create>(
  session: Session,
  { service, path, many }: Pick<Place, 'service' | 'path' | 'many'>,
): BulkCreatable<Item, Create>['createMany'] {
  const wrapped = (items: unknown): unknown => ({ [many]: items });
  return async (bodies, { existing, ...options } = {}) => {
    const call: Call = { service, method: 'POST', path, body: wrapped(bodies) };
    const { body, status } = await session.request(call, { ...options, existing: found(existing, wrapped) });
    return items(call, body, many, status) as Item[];
  };
}

/** The one thing that an answer holds under its key. Throws a `CloudError` of kind `content`. */
export function item({ service, method, path }: Call, body: unknown, key: string, status?: number): unknown {
  const value = key === '' || !isRecord(body) ? body : body[key];
  if (isRecord(value)) return value;
  const detail = key === '' ? 'the answer is no object' : `the answer has no ${key}`;
  throw new CloudError(
    { service, method, path },
    { kind: 'content', detail, status, mayHaveHappened: method !== 'GET' },
  );
}

/** The many. */
function items({ service, method, path }: Call, body: unknown, key: string, status: number): unknown[] {
  const value = isRecord(body) ? body[key] : undefined;
  if (Array.isArray(value)) return value as unknown[];
  const detail = `the answer has no list ${key}`;
  throw new CloudError({ service, method, path }, { kind: 'content', detail, status, mayHaveHappened: true });
}

/** Undefined where the thing is not there. */
export async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CloudError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

function found<Item>(
  existing: (() => Promise<Item | undefined>) | undefined,
  wrapped: (body: unknown) => unknown,
): (() => Promise<JsonAnswer | undefined>) | undefined {
  if (existing === undefined) return undefined;
  return async () => {
    const earlier = await existing();
    return earlier === undefined ? undefined : { status: 200, headers: {}, body: wrapped(earlier) };
  };
}
