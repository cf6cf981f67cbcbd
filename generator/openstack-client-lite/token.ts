/** Keystone's token and what it says. */
import { isRecord } from './error-body.ts';

export interface Token {
  /** The secret itself. */
  readonly value: string;
  readonly expiresAt: Date;
  readonly user: TokenSubject;
  /** Undefined where the token is for no project. */
  readonly project: TokenSubject | undefined;
  /** Names of the roles that it gives. */
  readonly roles: readonly string[];
  readonly methods: readonly string[];
  readonly catalog: readonly CatalogService[];
}

export interface TokenSubject {
  readonly id: string;
  readonly name: string;
  readonly domain: { readonly id: string; readonly name: string };
}

/** https://docs.openstack.org/api-ref/identity/v3/#service-catalog-and-endpoints */
export interface CatalogService {
  readonly type: string;
  readonly name?: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

export interface CatalogEndpoint {
  readonly interface: string;
  readonly region_id?: string | null;
  readonly region?: string | null;
  readonly url: string;
}

/** The answer to POST /v3/auth/tokens; undefined when it is none. */
export function readToken(value: string | undefined, body: unknown): Token | undefined {
  const token = isRecord(body) ? body['token'] : undefined;
  if (value === undefined || !isRecord(token) || typeof token['expires_at'] !== 'string') return undefined;
  const expiresAt = new Date(token['expires_at']);
  if (Number.isNaN(expiresAt.getTime()) || !isRecord(token['user'])) return undefined;
  return {
    value,
    expiresAt,
    user: token['user'] as unknown as TokenSubject,
    project: token['project'] as TokenSubject | undefined,
    roles: ((token['roles'] ?? []) as { name: string }[]).map(({ name }) => name),
    methods: (token['methods'] ?? []) as string[],
    catalog: (token['catalog'] ?? []) as CatalogService[],
  };
}
