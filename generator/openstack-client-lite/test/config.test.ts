import { describe, expect, test } from 'vitest';
import { readCloudConfig, type Auth, type CloudConfig, type ConfigSources, type Named } from '../index.ts';
import { CONFIG_CASES } from './config-cases.ts';

function sources(files: Readonly<Record<string, string>> = {}, env: ConfigSources['env'] = {}): ConfigSources {
  const absolute = new Map(
    Object.entries(files).map(([path, text]) => [path.replace(/^~/, '/home/me').replace(/^(?!\/)/, '/cwd/'), text]),
  );
  return { env, cwd: '/cwd', home: '/home/me', readFile: (path) => absolute.get(path) };
}

const one = (text: string): Record<string, string> => ({ 'clouds.yaml': `clouds:\n  one:\n${text}` });
const LOGIN = '    auth: { auth_url: "http://k", username: u, password: hush }\n';

/** What was read in openstacksdk's flat form. */
function flat({ authUrl, auth }: CloudConfig): Record<string, string> {
  return { auth_url: authUrl, ...flatAuth(auth) };
}

function flatAuth(auth: Auth): Record<string, string> {
  if (auth.type === 'application-credential') {
    const { credential, secret } = auth;
    const who =
      'id' in credential
        ? { application_credential_id: credential.id }
        : { application_credential_name: credential.name, ...named('user', credential.user) };
    return { ...who, application_credential_secret: secret };
  }
  const { scope } = auth;
  const project = scope !== undefined && 'project' in scope ? named('project', scope.project) : {};
  const domain = scope !== undefined && 'domain' in scope ? named('domain', scope.domain) : {};
  const who = auth.type === 'token' ? { token: auth.token } : { ...named('user', auth.user), password: auth.password };
  return { ...who, ...project, ...domain };
}

function named(what: string, value: Named): Record<string, string> {
  if ('id' in value) return { [`${what}_id`]: value.id };
  const name = what === 'user' ? 'username' : `${what}_name`;
  return { [name]: value.name, ...(value.domain === undefined ? {} : named(`${what}_domain`, value.domain)) };
}

describe('what openstacksdk reads, too', () => {
  test.each(CONFIG_CASES)('$what', ({ files, env, cloud, region, auth, name, regionName, verify = true, ...rest }) => {
    const config = readCloudConfig(sources(files, env), { cloud, region });
    expect(flat(config)).toEqual(auth);
    expect(config).toMatchObject({ name, verify, interfaces: [rest.interface ?? 'public'] });
    expect(config.region).toBe(regionName);
  });
});

describe('what is said beside', () => {
  test('files, endpoints, a limit', () => {
    const text = `${LOGIN}    cacert: ~/ca.pem\n    load_balancer_endpoint_override: http://lb\n    volumev3_endpoint: http://v\n    api_timeout: 7\n    interface: [internal, publicURL]\n`;
    expect(readCloudConfig(sources({ ...one(text), '~/ca.pem': 'PEM' }))).toMatchObject({
      ca: 'PEM',
      overrides: { 'load-balancer': 'http://lb', 'block-storage': 'http://v' },
      requestTimeout: 7000,
      interfaces: ['internal', 'public'],
    });
  });

  test('OS_CLIENT_CONFIG_FILE is looked at first, and XDG_CONFIG_HOME is where the user’s own folder is', () => {
    const files = { '/etc/x.yaml': `clouds: { x: ${LOGIN.trim()} }`.replace('auth:', '{ auth:').replace(/}$/, '} }') };
    expect(readCloudConfig(sources(files, { OS_CLIENT_CONFIG_FILE: '/etc/x.yaml' }))).toMatchObject({ name: 'x' });
    const moved = { '/conf/openstack/clouds.yml': one(LOGIN)['clouds.yaml']! };
    expect(readCloudConfig(sources(moved, { XDG_CONFIG_HOME: '/conf' }))).toMatchObject({ name: 'one' });
  });
});

describe('what says no cloud', () => {
  const two = `${one(LOGIN)['clouds.yaml']!}  two: {}\n`;
  test.each([
    ['nothing at all', {}, {}, {}, 'no clouds.yaml and no OS_AUTH_URL'],
    ['several and none named', { 'clouds.yaml': two }, {}, {}, 'there is: one, two'],
    ['a name that is none', { 'clouds.yaml': two }, { OS_CLOUD: 'on' }, {}, 'no cloud on; there is: one, two'],
    ['no URL', { 'clouds.yaml': two }, { OS_CLOUD: 'two' }, {}, 'two has no auth_url'],
    ['no password', one('    auth: { auth_url: "http://k", username: u }\n'), {}, {}, 'one has no password'],
    ['a region that is none', one(`${LOGIN}    region_name: R1\n`), {}, { region: 'R2' }, 'there is: R1'],
    [
      'another way to authenticate',
      one(`${LOGIN}    auth_type: v3oidcpassword\n`),
      {},
      {},
      'not supported: v3oidcpassword',
    ],
    ['a trust', one(`${LOGIN}    trust_id: t\n`), {}, {}, 'has trust_id, which is not supported'],
    ['a profile that is not there', one('    profile: ovh\n'), {}, {}, 'no profile ovh'],
    ['a certificate that is not there', one(`${LOGIN}    cacert: /ca.pem\n`), {}, {}, 'cannot be read: /ca.pem'],
    ['no YAML', { 'clouds.yaml': 'clouds: {\n  password: hush' }, {}, {}, 'clouds.yaml: no YAML at line 2'],
    ['no mapping', { 'clouds.yaml': '- hush' }, {}, {}, 'no mapping'],
    ['a cloud that is no mapping', { 'clouds.yaml': 'clouds: { one: hush }' }, {}, {}, 'must be a mapping'],
    ['a cloud with the name of the variables’', { 'clouds.yaml': 'clouds: { envvars: {} }' }, {}, {}, 'is the name of'],
  ])('%s', (_what, files, env, choice, message) => {
    let said = '';
    try {
      readCloudConfig(sources(files, env), choice);
    } catch (error) {
      said = String(error);
    }
    expect(said).toContain('ConfigError');
    expect(said).toContain(message);
    expect(said).not.toContain('hush');
  });
});
