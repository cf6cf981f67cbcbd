/** Keystone, beyond tokens: application credentials (https://docs.openstack.org/api-ref/identity/v3/#application-credentials). */
import { collection, type Collection } from '../collection.ts';
import type { CallOptions, Session } from '../session.ts';
import type { Token } from '../token.ts';

export interface ApplicationCredential {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly project_id: string;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  /** ISO 8601; null: it does not end. */
  readonly expires_at: string | null;
  readonly unrestricted: boolean;
  /** In the answer to the call that made it, and never again. */
  readonly secret?: string;
}

export interface ApplicationCredentialCreate {
  readonly name: string;
  readonly description?: string;
  /** Default: Keystone makes one. */
  readonly secret?: string;
  readonly expires_at?: string;
  /** Default: all that the token has. */
  readonly roles?: readonly ({ readonly id: string } | { readonly name: string })[];
  readonly unrestricted?: boolean;
  readonly access_rules?: readonly { readonly path: string; readonly method: string; readonly service: string }[];
}

export type ApplicationCredentials = Omit<
  Collection<ApplicationCredential, ApplicationCredentialCreate, never, { readonly name?: string }>,
  'update'
>;

export interface IdentityService {
  /** The token in use: user, project, roles, catalog. */
  readonly token: (options?: CallOptions) => Promise<Token>;
  /** Those of the token's own user. A token of an application credential makes none, unless that one is unrestricted. */
  readonly applicationCredentials: ApplicationCredentials;
}

export function identityService(session: Session): IdentityService {
  const calls = async (options?: CallOptions): Promise<ApplicationCredentials> => {
    const { user } = await session.token(options);
    return collection(session, {
      service: 'identity',
      path: `/users/${encodeURIComponent(user.id)}/application_credentials`,
      one: 'application_credential',
      many: 'application_credentials',
    });
  };
  return {
    token: session.token,
    applicationCredentials: {
      list: async (filter, options) => (await calls(options)).list(filter, options),
      get: async (id, options) => (await calls(options)).get(id, options),
      create: async (body, options) => (await calls(options)).create(body, options),
      delete: async (id, options) => (await calls(options)).delete(id, options),
    },
  };
}
