/** The configuration of a cloud as openstacksdk reads it (https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html). */
import type { Auth, DomainName, Named, Scope } from '../auth.ts';
import type { ServiceName } from '../catalog.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigSources, Settings } from './files.ts';
import { chooseCloud, type ChosenCloud, type CloudChoice } from './settings.ts';

/** Everything that `connect` and `networkTransport` want to know of a cloud. */
export interface CloudConfig {
  readonly name: string;
  readonly authUrl: string;
  readonly auth: Auth;
  readonly region: string | undefined;
  readonly interfaces: readonly string[];
  readonly overrides: Readonly<Partial<Record<ServiceName, string>>>;
  /** Milliseconds; undefined: nothing is said. */
  readonly requestTimeout: number | undefined;
  readonly verify: boolean;
  /** PEM: what the files hold that cacert, cert and key name. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Throws a `ConfigError`. */
export function readCloudConfig(sources: ConfigSources, choice: CloudChoice = {}): CloudConfig {
  const chosen = chooseCloud(sources, choice);
  const { name, settings, file } = chosen;
  const text = (key: string): string | undefined => textOf(settings[key]);
  const pem = (key: string): string | undefined => {
    const path = text(key)?.replace(/^~(?=\/)/, sources.home);
    const found = path === undefined ? undefined : sources.readFile(path);
    if (path !== undefined && found === undefined)
      throw new ConfigError('missing', `${key} names a file that cannot be read: ${path}`, file);
    return found;
  };
  const auth = authSettings(chosen);
  const authUrl = auth['auth_url'];
  if (authUrl === undefined)
    throw new ConfigError('missing', `the cloud ${name} has no auth_url${profileHint(settings)}`, file);
  const seconds = Number(text('api_timeout') ?? NaN);
  return {
    name,
    authUrl: authUrl.replace(/\{(\w+)\}/g, (whole, key: string) => text(key) ?? whole),
    auth: authOf(auth, text('auth_type') ?? text('auth_plugin'), chosen),
    region: text('region_name'),
    interfaces: interfacesOf(settings['interface'] ?? settings['endpoint_type']),
    overrides: overridesOf(text),
    requestTimeout: seconds > 0 ? seconds * 1000 : undefined,
    verify: !isTrue(settings['insecure']) && !isFalse(settings['verify']),
    ca: pem('cacert'),
    cert: pem('cert'),
    key: pem('key'),
  };
}

function profileHint({ profile }: Settings): string {
  return typeof profile === 'string' ? `, and clouds-public.yaml no profile ${profile} that says it` : '';
}

/** Names of today, each with those that it had before; all may stand beside `auth`, too, where they win. */
const AUTH_KEYS: Readonly<Record<string, readonly string[]>> = {
  auth_url: [],
  username: ['user_name'],
  user_id: [],
  password: [],
  token: ['auth_token'],
  domain_id: [],
  domain_name: [],
  user_domain_id: [],
  user_domain_name: [],
  project_id: ['tenant_id'],
  project_name: ['tenant_name'],
  project_domain_id: [],
  project_domain_name: [],
  system_scope: [],
  application_credential_id: [],
  application_credential_name: [],
  application_credential_secret: [],
  trust_id: [],
  passcode: [],
};

function authSettings({ auth, settings }: ChosenCloud): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(AUTH_KEYS).map(([key, older]) => {
      const names = [key, ...older];
      const beside = names.map((name) => textOf(settings[name])).find((value) => value !== undefined);
      return [key, beside ?? names.map((name) => textOf(auth[name])).find((value) => value !== undefined)];
    }),
  );
}

function authOf(
  auth: Readonly<Record<string, string | undefined>>,
  type: string | undefined,
  chosen: ChosenCloud,
): Auth {
  const { name, file } = chosen;
  const need = (key: string): string => {
    const value = auth[key];
    if (value === undefined) throw new ConfigError('missing', `the cloud ${name} has no ${key}`, file);
    return value;
  };
  for (const key of ['trust_id', 'passcode'])
    if (auth[key] !== undefined)
      throw new ConfigError('unsupported', `the cloud ${name} has ${key}, which is not supported`, file);
  switch (type ?? inferred(auth)) {
    case 'password':
    case 'v3password':
      return { type: 'password', user: userOf(auth, need), password: need('password'), scope: scopeOf(auth) };
    case 'token':
    case 'v3token':
      return { type: 'token', token: need('token'), scope: scopeOf(auth) };
    case 'v3applicationcredential': {
      const { application_credential_id: id } = auth;
      const credential =
        id === undefined ? { name: need('application_credential_name'), user: userOf(auth, need) } : { id };
      return { type: 'application-credential', credential, secret: need('application_credential_secret') };
    }
    default:
      throw new ConfigError(
        'unsupported',
        `the cloud ${name} has an auth_type that is not supported: ${String(type)}`,
        file,
      );
  }
}

/** openstacksdk takes a password where nothing is said; of what cannot be one we see what it is. */
function inferred(auth: Readonly<Record<string, string | undefined>>): string {
  if (auth['password'] !== undefined) return 'password';
  if (auth['application_credential_secret'] !== undefined) return 'v3applicationcredential';
  return auth['token'] === undefined ? 'password' : 'token';
}

function userOf(auth: Readonly<Record<string, string | undefined>>, need: (key: string) => string): Named {
  const { user_id: id } = auth;
  if (id !== undefined) return { id };
  const domain =
    domainOf(auth['user_domain_id'], auth['user_domain_name']) ?? domainOf(auth['domain_id'], auth['domain_name']);
  return { name: need('username'), ...(domain === undefined ? {} : { domain }) };
}

/** A domain without a project is what the token is for; with one it is both the user's and the project's. */
function scopeOf(auth: Readonly<Record<string, string | undefined>>): Scope | undefined {
  if (auth['system_scope'] !== undefined) return { system: true };
  const { project_id: id, project_name: name } = auth;
  const both = domainOf(auth['domain_id'], auth['domain_name']);
  if (id !== undefined) return { project: { id } };
  if (name === undefined) return both === undefined ? undefined : { domain: both };
  const domain = domainOf(auth['project_domain_id'], auth['project_domain_name']) ?? both;
  return { project: { name, ...(domain === undefined ? {} : { domain }) } };
}

function domainOf(id: string | undefined, name: string | undefined): DomainName | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
}

/** `public`, as it was once written `publicURL`; or several, the best first. */
function interfacesOf(value: unknown): readonly string[] {
  const given = (Array.isArray(value) ? value : [value]).flatMap((entry) => textOf(entry) ?? []);
  return given.length === 0 ? ['public'] : given.map((name) => name.replace(/URL$/, ''));
}

/** The names that a service has in keys: its type and its former ones, with underscores. */
const OVERRIDES: Readonly<Record<ServiceName, readonly string[]>> = {
  identity: ['identity'],
  compute: ['compute'],
  network: ['network'],
  'load-balancer': ['load_balancer'],
  image: ['image'],
  'block-storage': ['block_storage', 'volumev3', 'volume'],
};

function overridesOf(text: (key: string) => string | undefined): Partial<Record<ServiceName, string>> {
  return Object.fromEntries(
    Object.entries(OVERRIDES).flatMap(([service, names]) => {
      const url = names.map((name) => text(`${name}_endpoint_override`) ?? text(`${name}_endpoint`)).find(Boolean);
      return url === undefined ? [] : [[service, url]];
    }),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

function isFalse(value: unknown): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}
