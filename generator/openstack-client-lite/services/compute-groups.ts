/** Nova's server groups and key pairs, whose lists have ways of their own. */
import { collection, type Collection } from '../collection.ts';
import type { CallOptions, Session } from '../session.ts';
import type { KeyPair, KeyPairCreate, ServerGroup, ServerGroupCreate } from './compute-types.ts';

export type ServerGroups = Omit<Collection<ServerGroup, ServerGroupCreate, never, object>, 'update'>;
export type KeyPairs = Omit<Collection<KeyPair, KeyPairCreate, never, object>, 'update'>;

const service = 'compute';

/** Items that one page of server groups has at most: Nova's own limit (`[api]max_limit`). */
const PAGE = 1000;

/** They are listed by offset: no page says whether there is another. */
export function serverGroups(session: Session): ServerGroups {
  const place = { service, path: '/os-server-groups', one: 'server_group', many: 'server_groups' } as const;
  const calls = collection<ServerGroup, ServerGroupCreate, never>(session, place);
  const limit = session.pageSize ?? PAGE;
  return {
    ...calls,
    list: async (_filter?: object, options?: CallOptions) => {
      const found: ServerGroup[] = [];
      for (;;) {
        const page = await calls.list({ limit, offset: found.length }, options);
        found.push(...page);
        if (page.length < limit) return found;
      }
    },
  };
}

/** In a list each is wrapped once more. */
export function keyPairs(session: Session): KeyPairs {
  const place = { service, path: '/os-keypairs', one: 'keypair', many: 'keypairs' } as const;
  const calls = collection<KeyPair, KeyPairCreate, never>(session, place);
  return {
    ...calls,
    list: async (_filter?: object, options?: CallOptions) => {
      const listed = (await calls.list({}, options)) as unknown as { readonly keypair: KeyPair }[];
      return listed.map(({ keypair }) => keypair);
    },
  };
}
