/**
 * The real services of OpenStack (scripts/openstack-lab): the client against them, and what they answer against what the
 * in-memory cloud is held to. UPDATE_CONTRACT=1 writes their answers anew, and fails once.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connect, readCloudConfig, systemClock } from 'openstack-client-lite';
import { CONFIG_CASES, type ConfigCase } from '../../generator/openstack-client-lite/test/config-cases.ts';
import { CONTRACT } from '../support/openstack/contract/index.ts';
import { readRecorded, writeRecorded } from '../support/openstack/contract/recorded.ts';
import { play } from '../support/openstack/contract/scenario.ts';
import { LAB, lab } from '../support/openstack/lab.ts';
import { as, send } from '../support/openstack/lab-user.ts';
import { run } from '../support/programs.ts';

describe.skipIf(LAB === undefined)('OpenStack (TRISKEL_OPENSTACK)', () => {
  test.each(CONTRACT)('the contract: $name', { timeout: 600_000 }, async (scenario) => {
    const exchanges = await play(scenario, { authUrl: lab.authUrl, transport: send, clock: systemClock });
    if (process.env['UPDATE_CONTRACT'] === '1') writeRecorded(scenario, exchanges);
    expect(process.env['UPDATE_CONTRACT']).toBeUndefined();
    expect(exchanges).toEqual(readRecorded(scenario));
  });

  test.each(['demo', 'demo-appcred'])('the lab’s own clouds.yaml: %s', async (name) => {
    const readFile = (path: string): string => readFileSync(path, 'utf8');
    const sources = { env: { OS_CLIENT_CONFIG_FILE: lab.cloudsFile }, cwd: '/', home: '/', readFile };
    const config = readCloudConfig(
      { ...sources, readFile: (path) => (path === lab.cloudsFile ? readFile(path) : undefined) },
      { cloud: name },
    );
    const cloud = connect({ ...config, transport: send, clock: systemClock });
    const { user, roles } = await cloud.identity.token();
    expect([user.name, roles.includes('load-balancer_member')]).toEqual(['demo', true]);
    const made = cloud.identity.applicationCredentials.create({ name: `of ${name}` });
    if (name === 'demo') expect(await cloud.identity.applicationCredentials.delete((await made).id)).toBe(true);
    else await expect(made).rejects.toMatchObject({ kind: 'forbidden', status: 403 });
  });

  test('Cinder and Nova at URLs with the project’s id, as many catalogs have them', async () => {
    const { project } = await as('demo').identity.token();
    const overrides = {
      'block-storage': `http://127.0.0.1:8776/v3/${String(project?.id)}`,
      compute: `http://127.0.0.1:8774/v2.1/${String(project?.id)}`,
    };
    const cloud = as('demo', { overrides });
    expect((await cloud.blockStorage.volumeTypes.list()).map(({ name }) => name)).toContain('fake');
    expect((await cloud.compute.flavors.list()).map(({ name }) => name)).toContain('m1.tiny');
  });

  test.each(['network', 'compute', 'image', 'block-storage', 'load-balancer'] as const)(
    'pages of one: %s',
    async (service) => {
      const lists = [undefined, 1].map((pageSize) => {
        const cloud = as('admin', pageSize === undefined ? {} : { pageSize });
        const kinds = {
          network: () => cloud.network.networks.list(),
          compute: () => cloud.compute.flavors.list(),
          image: () => cloud.image.images.list(),
          'block-storage': () => cloud.blockStorage.volumeTypes.list(),
          'load-balancer': () => cloud.loadBalancer.providers.list(),
        };
        return kinds[service]();
      });
      const ids = (await Promise.all(lists as Promise<object[]>[])).map((list) =>
        list.map((each) => JSON.stringify(each)).sort(),
      );
      expect(ids[0]!.length).toBeGreaterThan(service === 'load-balancer' ? 0 : 1);
      expect(ids[1]).toEqual(ids[0]);
    },
  );
});

describe.skipIf(LAB === undefined)('openstacksdk itself (TRISKEL_OPENSTACK)', () => {
  test.each(CONFIG_CASES)('$what', (given) => {
    const { name, region, auth, verify, interface: chosen } = asked(given);
    expect(auth).toEqual(given.auth);
    expect({ name, region, verify, chosen }).toEqual({
      name: given.name,
      region: given.regionName ?? '',
      verify: given.verify ?? true,
      chosen: given.interface ?? 'public',
    });
  });
});

const ASK = `
import json, sys, warnings
warnings.simplefilter('ignore')
from openstack.config import OpenStackConfig
cloud, region = json.loads(sys.argv[1])
config = OpenStackConfig().get_one(cloud, region_name=region)
auth = {key: value for key, value in config.config['auth'].items() if value is not None}
print(json.dumps({'name': config.name, 'region': config.config['region_name'], 'auth': auth,
                  'verify': config.get_requests_verify_args()[0], 'interface': config.config['interface']}))
`;

interface Answered {
  readonly name: string;
  readonly region: string;
  readonly auth: Record<string, string>;
  readonly verify: boolean;
  readonly interface: string;
}

/** What openstacksdk reads of the same files and variables, in a folder of the lab's tree. */
function asked({ files = {}, env = {}, cloud, region }: ConfigCase): Answered {
  const { root } = lab;
  const folder = mkdtempSync(join(root, 'tmp/config-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path.replace(/^~/, 'home').replace(/^(?!home)/, 'cwd/'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    mkdirSync(join(folder, 'cwd'), { recursive: true });
    const inside = folder.slice(root.length);
    const variables = Object.entries({ ...env, HOME: `${inside}/home` }).map(([name, value]) => `${name}=${value}`);
    const script = 'cd "$1/cwd" && shift && exec env "$@"';
    const command = [
      'sh',
      '-c',
      script,
      'sh',
      inside,
      ...variables,
      'python3',
      '-c',
      ASK,
      JSON.stringify([cloud ?? null, region ?? '']),
    ];
    const { code, output } = run('env', ['-i', 'PATH=/usr/bin:/usr/sbin', 'chroot', root, ...command]);
    if (code !== 0) throw new Error(output);
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Answered;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
