/** Lists come in pages; the services have three ways to say where the next one is. */
import { CloudError } from './errors.ts';
import { isRecord } from './error-body.ts';
import type { Query } from './query.ts';
import type { Call, CallOptions, Session } from './session.ts';

/** Pages of a list at most: a service that links in a circle is not followed for ever. */
const PAGES = 1000;

/**
 * All items of a list. Of a link to the next page only the query is taken, for the host and the scheme are often those of a server
 * behind a balancer.
 */
export async function allPages(
  session: Session,
  call: Call,
  key: string,
  options: CallOptions = {},
): Promise<unknown[]> {
  const items: unknown[] = [];
  const first: Query = session.pageSize === undefined ? {} : { limit: session.pageSize };
  let query: Query | undefined = { ...first, ...call.query };
  for (let page = 0; query !== undefined; page++) {
    const { body } = await session.request({ ...call, query }, options);
    if (!isRecord(body) || !Array.isArray(body[key])) throw broken(call, `the answer has no list ${key}`);
    items.push(...(body[key] as unknown[]));
    if (page === PAGES) throw broken(call, `the list has more than ${String(PAGES)} pages`);
    query = nextQuery(body);
  }
  return items;
}

/**
 * Neutron, Nova, Octavia, Cinder: {networks_links: [{rel, href}]}, which Cinder calls volume_type_links beside volume_types. Glance:
 * {next}. Keystone: {links: {next}}.
 */
function nextQuery(body: Record<string, unknown>): Query | undefined {
  const named = Object.entries(body).filter(([name]) => name.endsWith('_links'));
  const links = named.flatMap(([, value]) => (Array.isArray(value) ? (value as unknown[]) : []));
  const link = links.filter(isRecord).find(({ rel }) => rel === 'next')?.['href'];
  const href = link ?? body['next'] ?? (isRecord(body['links']) ? body['links']['next'] : undefined);
  if (typeof href !== 'string' || !href.includes('?')) return undefined;
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(href.slice(href.indexOf('?')))) (query[name] ??= []).push(value);
  return query;
}

function broken({ service, method, path }: Call, detail: string): CloudError {
  return new CloudError({ service, method, path }, { kind: 'content', detail });
}
