/** Who asks: Keystone's ways to a token (https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management). */

/** A user, project or domain: by id, or by name and, but for domains, the domain that the name is of. */
export type Named = { readonly id: string } | { readonly name: string; readonly domain?: DomainName };
export type DomainName = { readonly id: string } | { readonly name: string };

/** What a token is for. Without one it is Keystone's choice: the user's default project. */
export type Scope = { readonly project: Named } | { readonly domain: DomainName } | { readonly system: true };

export interface PasswordAuth {
  readonly type: 'password';
  readonly user: Named;
  readonly password: string;
  readonly scope?: Scope | undefined;
}

/** Its scope is the project that it was made for. */
export interface ApplicationCredentialAuth {
  readonly type: 'application-credential';
  readonly credential: { readonly id: string } | { readonly name: string; readonly user: Named };
  readonly secret: string;
}

/** A token that somebody else has got. With a scope it is exchanged for one of that scope; it cannot be renewed. */
export interface TokenAuth {
  readonly type: 'token';
  readonly token: string;
  readonly scope?: Scope | undefined;
}

export type Auth = PasswordAuth | ApplicationCredentialAuth | TokenAuth;

/** The body of POST /v3/auth/tokens. */
export function authBody(auth: Auth): unknown {
  switch (auth.type) {
    case 'password':
      return body('password', { user: { ...named(auth.user), password: auth.password } }, auth.scope);
    case 'token':
      return body('token', { id: auth.token }, auth.scope);
    case 'application-credential': {
      const { credential, secret } = auth;
      const who = 'id' in credential ? { id: credential.id } : { name: credential.name, user: named(credential.user) };
      return body('application_credential', { ...who, secret }, undefined);
    }
  }
}

function body(method: string, value: unknown, scope: Scope | undefined): unknown {
  const identity = { methods: [method], [method]: value };
  return { auth: { identity, ...(scope === undefined ? {} : { scope: scopeBody(scope) }) } };
}

function scopeBody(scope: Scope): unknown {
  if ('project' in scope) return { project: named(scope.project) };
  if ('domain' in scope) return { domain: scope.domain };
  return { system: { all: true } };
}

/** Keystone's own default domain has the id `default`. */
function named(value: Named): object {
  return 'id' in value ? { id: value.id } : { name: value.name, domain: value.domain ?? { id: 'default' } };
}

/** The URL of Keystone's API v3, whatever the configuration names: the root, /v2.0 or /v3. */
export function identityUrl(authUrl: string): string {
  return `${authUrl.replace(/\/+$/, '').replace(/\/v[\d.]+$/, '')}/v3`;
}
