/** Clouds as people configure them. The external tests ask openstacksdk itself about the same ones. */
export interface ConfigCase {
  readonly what: string;
  /** Paths are relative: to the working directory, or with ~ to the user's own folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cloud?: string;
  readonly region?: string;
  /** openstacksdk's flat form of what is read. */
  readonly auth: Readonly<Record<string, string>>;
  readonly name: string;
  readonly regionName?: string;
  readonly verify?: boolean;
  readonly interface?: string;
}

const PASSWORD = { auth_url: 'http://k/v3', username: 'u', password: 'p', project_name: 'x' };
const ENV = { OS_AUTH_URL: 'http://env', OS_USERNAME: 'eu', OS_PASSWORD: 'ep', OS_PROJECT_NAME: 'ex' };
const FROM_ENV = { auth_url: 'http://env', username: 'eu', password: 'ep', project_name: 'ex' };

const cloud = (auth: Record<string, unknown>, rest: Record<string, unknown> = {}): unknown => ({ auth, ...rest });
const yaml = (clouds: Record<string, unknown>): string => JSON.stringify({ clouds });

export const CONFIG_CASES: readonly ConfigCase[] = [
  {
    what: 'the only cloud of clouds.yaml',
    files: { 'clouds.yaml': yaml({ one: cloud(PASSWORD) }) },
    auth: PASSWORD,
    name: 'one',
  },
  {
    what: 'one of several, by OS_CLOUD',
    files: { 'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, username: 'no' }), two: cloud(PASSWORD) }) },
    env: { OS_CLOUD: 'two' },
    auth: PASSWORD,
    name: 'two',
  },
  {
    what: 'one of several, by name, although OS_CLOUD says another',
    files: { 'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, username: 'no' }), two: cloud(PASSWORD) }) },
    env: { OS_CLOUD: 'one' },
    cloud: 'two',
    auth: PASSWORD,
    name: 'two',
  },
  { what: 'the environment alone', env: ENV, auth: FROM_ENV, name: 'envvars' },
  {
    what: 'the environment before a file',
    files: { 'clouds.yaml': yaml({ one: cloud(PASSWORD) }) },
    env: ENV,
    auth: FROM_ENV,
    name: 'envvars',
  },
  {
    what: 'OS_CLOUD before the rest of the environment, of which nothing is mixed in',
    files: { 'clouds.yaml': yaml({ one: cloud(PASSWORD) }) },
    env: { ...ENV, OS_CLOUD: 'one' },
    auth: PASSWORD,
    name: 'one',
  },
  {
    what: 'a password in secure.yaml',
    files: {
      'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, password: undefined }) }),
      'secure.yaml': yaml({ one: cloud({ password: 'hush' }) }),
    },
    auth: { ...PASSWORD, password: 'hush' },
    name: 'one',
  },
  {
    what: 'the user’s own folder after the working directory',
    files: {
      'clouds.yaml': yaml({ near: cloud(PASSWORD) }),
      '~/.config/openstack/clouds.yaml': yaml({ far: cloud({ ...PASSWORD, username: 'no' }) }),
    },
    auth: PASSWORD,
    name: 'near',
  },
  {
    what: 'the user’s own folder, and a file in JSON',
    files: { '~/.config/openstack/clouds.json': yaml({ far: cloud(PASSWORD) }) },
    auth: PASSWORD,
    name: 'far',
  },
  {
    what: 'a profile of clouds-public.yaml',
    files: {
      'clouds.yaml': yaml({ one: { profile: 'vendor', auth: { username: 'u', password: 'p', project_name: 'x' } } }),
      'clouds-public.yaml': JSON.stringify({
        'public-clouds': { vendor: { auth: { auth_url: 'http://k/v3' }, region_name: 'R1', interface: 'internal' } },
      }),
    },
    auth: PASSWORD,
    name: 'one',
    regionName: 'R1',
    interface: 'internal',
  },
  {
    what: 'settings beside auth, with dashes, numbers, and names of old',
    files: {
      'clouds.yaml':
        'clouds:\n  one:\n    auth:\n      auth-url: http://k/v3\n      tenant-name: x\n    username: u\n    password: 4711\n    endpoint_type: internal\n',
    },
    auth: { ...PASSWORD, password: '4711' },
    name: 'one',
    interface: 'internal',
  },
  {
    what: 'a domain for both',
    files: { 'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, domain_name: 'Corp' }) }) },
    auth: { ...PASSWORD, user_domain_name: 'Corp', project_domain_name: 'Corp' },
    name: 'one',
  },
  {
    what: 'domains for each',
    files: { 'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, user_domain_id: 'd1', project_domain_name: 'D2' }) }) },
    auth: { ...PASSWORD, user_domain_id: 'd1', project_domain_name: 'D2' },
    name: 'one',
  },
  {
    what: 'a domain as the scope',
    files: {
      'clouds.yaml': yaml({ one: cloud({ auth_url: 'http://k', user_id: 'u1', password: 'p', domain_id: 'd1' }) }),
    },
    auth: { auth_url: 'http://k', user_id: 'u1', password: 'p', domain_id: 'd1' },
    name: 'one',
  },
  {
    what: 'an application credential',
    files: {
      'clouds.yaml': yaml({
        one: cloud(
          { auth_url: 'http://k', application_credential_id: 'a1', application_credential_secret: 's' },
          { auth_type: 'v3applicationcredential' },
        ),
      }),
    },
    auth: { auth_url: 'http://k', application_credential_id: 'a1', application_credential_secret: 's' },
    name: 'one',
  },
  {
    what: 'an application credential by name, in the environment',
    env: {
      OS_AUTH_TYPE: 'v3applicationcredential',
      OS_AUTH_URL: 'http://k',
      OS_APPLICATION_CREDENTIAL_NAME: 'ci',
      OS_APPLICATION_CREDENTIAL_SECRET: 's',
      OS_USERNAME: 'u',
      OS_USER_DOMAIN_NAME: 'Corp',
    },
    auth: {
      auth_url: 'http://k',
      application_credential_name: 'ci',
      application_credential_secret: 's',
      username: 'u',
      user_domain_name: 'Corp',
    },
    name: 'envvars',
  },
  {
    what: 'a token',
    env: { OS_AUTH_TYPE: 'v3token', OS_AUTH_URL: 'http://k', OS_TOKEN: 't', OS_PROJECT_ID: 'p1' },
    auth: { auth_url: 'http://k', token: 't', project_id: 'p1' },
    name: 'envvars',
  },
  {
    what: 'the first of several regions',
    files: {
      'clouds.yaml': yaml({ one: cloud(PASSWORD, { regions: ['R1', { name: 'R2', values: { verify: false } }] }) }),
    },
    auth: PASSWORD,
    name: 'one',
    regionName: 'R1',
  },
  {
    what: 'a region with settings of its own',
    files: {
      'clouds.yaml': yaml({
        one: cloud(PASSWORD, { regions: ['R1', { name: 'R2', values: { verify: false, auth: { username: 'v' } } }] }),
      }),
    },
    region: 'R2',
    auth: { ...PASSWORD, username: 'v' },
    name: 'one',
    regionName: 'R2',
    verify: false,
  },
  {
    what: 'a URL with the region in it',
    files: {
      'clouds.yaml': yaml({ one: cloud({ ...PASSWORD, auth_url: 'http://{region_name}.k' }, { region_name: 'R1' }) }),
    },
    auth: { ...PASSWORD, auth_url: 'http://R1.k' },
    name: 'one',
    regionName: 'R1',
  },
  {
    what: 'no check of certificates',
    files: { 'clouds.yaml': yaml({ one: cloud(PASSWORD, { insecure: true }) }) },
    auth: PASSWORD,
    name: 'one',
    verify: false,
  },
];
