import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { sha512 } from '../../generator/base/digests.ts';
import { blueprintOf, workplace, type Workplace } from '../support/triskel.ts';

vi.setConfig({ testTimeout: 60_000 });

const THREE = blueprintOf('demo', ['a', 'b', 'c']);
const TWO = `${blueprintOf('demo', ['a', 'b'])}acknowledge: [{ code: review/two-etcd-members, reason: only for a test }]\n`;

function generated(blueprint = THREE): Workplace {
  const place = workplace({ 'demo.yaml': blueprint });
  expect(place.run('generate')).toMatchObject({ code: 0 });
  return place;
}

describe('the tree', () => {
  test('is complete, and its manifest lists every file with its size', () => {
    const place = generated();
    const files = [...place.files('output/demo').keys()];
    expect(files).toEqual(expect.arrayContaining(['README.md', 'manifest.json', 'pki.yaml', 'nodes/a/user-data.yaml']));
    const manifest = JSON.parse(place.read('output/demo/manifest.json')) as { files: Record<string, { size: number }> };
    const listed = files.filter((path) => !path.startsWith('boot/') && path !== 'manifest.json');
    expect(Object.keys(manifest.files)).toEqual(listed);
    for (const path of listed) expect(manifest.files[path]?.size).toBe(statSync(place.path(`output/demo/${path}`)).size);
  });

  test('is the same after a second run, to the byte and to the time', () => {
    const place = generated();
    const before = { output: place.files('output'), blueprints: place.files('blueprints') };
    const again = place.run('generate');
    expect(again.out).toMatch(/^demo: 3 nodes; 0 files written, \d+ unchanged, 0 removed; 3\/3 payloads sealed; .* s → output\/demo\n {2}3 × /);
    expect({ output: place.files('output'), blueprints: place.files('blueprints') }).toEqual(before);
  });

  test('is written again where somebody changed it, and nowhere else', () => {
    const place = generated();
    const before = place.files('output/demo');
    place.write('output/demo/nodes/a/user-data.yaml', '#cloud-config\n');
    rmSync(place.path('output/demo/pki.yaml'));
    expect(place.run('generate').out).toContain('2 files written');
    const changed = [...place.files('output/demo')].filter(([path, time]) => before.get(path) !== time);
    expect(changed.map(([path]) => path)).toEqual(['nodes/a/user-data.yaml', 'pki.yaml']);
  });

  test('loses the files of a node that is gone, its payload too', () => {
    const place = generated();
    place.write('blueprints/demo.yaml', TWO);
    const { code, out } = place.run('generate');
    expect(code).toBe(0);
    expect(out).toMatch(/[1-9]\d* removed; 2\/2 payloads sealed/);
    expect(existsSync(place.path('output/demo/nodes/c'))).toBe(false);
    expect(existsSync(place.path('output/demo/boot/c.user-data'))).toBe(false);
    expect(existsSync(place.path('output/demo/boot/b.user-data'))).toBe(true);
  });

  test('keeps what it does not know, and says so', () => {
    const place = generated();
    place.write('output/demo/nodes/c/notes.txt', 'mine');
    place.write('blueprints/demo.yaml', TWO);
    const { code, err } = place.run('generate');
    expect(code).toBe(0);
    expect(err).toContain('output/demo/nodes/c/notes.txt: warning: ');
    expect(err).toContain('[output/unknown-file]');
    expect([...place.files('output/demo/nodes/c').keys()]).toEqual(['notes.txt']);
  });

  test('a manifest that cannot be read removes nothing', () => {
    const place = generated();
    place.write('output/demo/manifest.json', '{"files": {"../../blueprints/demo.yaml": {}}');
    place.write('blueprints/demo.yaml', TWO);
    const { code, err } = place.run('generate');
    expect(code).toBe(0);
    expect(err).toContain('[output/damaged-manifest]');
    expect(existsSync(place.path('output/demo/nodes/c/user-data.yaml'))).toBe(true);
  });

  test('a manifest that lists other people’s files removes none of them', () => {
    const place = generated();
    const paths = { '../../blueprints/demo.yaml': {}, '/etc/hostname': {}, 'boot/a.user-data': {} };
    place.write('output/demo/manifest.json', JSON.stringify({ format: 1, files: paths }));
    expect(place.run('generate').code).toBe(0);
    expect(existsSync(place.path('blueprints/demo.yaml'))).toBe(true);
    expect(existsSync(place.path('output/demo/boot/a.user-data'))).toBe(true);
  });

  test('lies where --output says', () => {
    const place = workplace({ 'demo.yaml': THREE });
    expect(place.run('generate', '--output', 'else/where').code).toBe(0);
    expect(existsSync(place.path('else/where/demo/README.md'))).toBe(true);
    expect(existsSync(place.path('output'))).toBe(false);
  });
});

describe('errors write nothing', () => {
  test.each([
    ['a broken blueprint', blueprintOf('demo', ['a', 'a'])],
    ['an unacknowledged review error', blueprintOf('demo', ['a', 'b'])],
    ['a download of which no hash is known', `${THREE}kubernetes: { version: 1.36.99 }\n`],
  ])('%s', (_what, blueprint) => {
    const place = workplace({ 'demo.yaml': blueprint });
    expect(place.run('generate').code).toBe(1);
    expect([...place.files('.').keys()]).toEqual(['blueprints/demo.yaml']);
  });

  test('two blueprints of one name', () => {
    const place = workplace({ 'demo.yaml': THREE, 'other.yaml': THREE });
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain('blueprints/other.yaml:2:7: error: blueprints/demo.yaml and blueprints/other.yaml are both called demo');
  });
});

describe('what is in the way', () => {
  test.each([
    ['a link in place of a file', 'output/demo/README.md', 'output/demo/README.md is in the way'],
    ['a link in place of a folder', 'output/demo/nodes', 'output/demo/nodes is in the way'],
    ['a link in place of the cluster’s folder', 'output/demo', 'output/demo is in the way'],
    ['a link in place of boot/', 'output/demo/boot', 'output/demo/boot is in the way'],
  ])('%s leads nothing out of the tree', (_what, path, text) => {
    const place = generated();
    mkdirSync(place.path('elsewhere'));
    rmSync(place.path(path), { recursive: true });
    symlinkSync(place.path('elsewhere'), place.path(path));
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain(text);
    expect([...place.files('elsewhere').keys()]).toEqual([]);
  });

  test('a file in place of the output folder', () => {
    const place = workplace({ 'demo.yaml': THREE });
    place.write('output', 'a file');
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain('[output/unwritable]');
    expect(place.read('output')).toBe('a file');
  });

  test('a folder in which nobody may write', () => {
    const place = workplace({ 'demo.yaml': THREE });
    const { code, err } = place.run('generate', '--output', '/proc/self');
    expect(code).toBe(1);
    expect(err).toContain('/proc/self/demo cannot be locked: ');
  });
});

describe('one at a time', () => {
  test('a second run while the first one writes', () => {
    const place = workplace({ 'demo.yaml': THREE });
    mkdirSync(place.path('output/demo.lock'), { recursive: true });
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain('output/demo: error: another triskel writes output/demo at this moment [output/locked]');
    expect(existsSync(place.path('output/demo'))).toBe(false);
  });

  test('two at once leave one whole tree, whoever comes first', async () => {
    const place = workplace({ 'demo.yaml': THREE });
    const runs = [place.start('generate'), place.start('generate')];
    const codes = await Promise.all(runs.map(async (run) => (await once(run, 'close'))[0] as number));
    expect(codes).toContain(0);
    for (const code of codes) expect([0, 1]).toContain(code);
    expect(place.run('generate', '--check').code).toBe(0);
    expect(place.run('generate').out).toContain('0 files written');
  });
});

describe('cut off', () => {
  const many = `${THREE}nodeGroups: [{ name: w, count: 60, roles: [worker], addresses: 192.0.2.100-192.0.2.250 }]\n`;

  async function untilItWrites(place: Workplace): Promise<void> {
    while (!existsSync(place.path('output/demo/nodes'))) await sleep(1);
  }

  test('by kill -9: the next run heals', async () => {
    const place = workplace({ 'demo.yaml': many });
    const run = place.start('generate');
    await untilItWrites(place);
    run.kill('SIGKILL');
    await once(run, 'close');
    place.write('output/demo/nodes/a/user-data.yaml.triskel-unfinished', 'half a fi');
    expect(place.run('generate').err).toContain('[output/locked]');
    const long = Date.now() / 1000 - 60;
    utimesSync(place.path('output/demo.lock'), long, long);
    const healed = place.run('generate');
    expect(healed.code).toBe(0);
    expect(healed.err).not.toContain('output/unknown-file');
    expect(place.run('generate', '--check').code).toBe(0);
    expect([...place.files('output').keys()].filter((path) => path.includes('unfinished'))).toEqual([]);
    expect(place.run('generate').out).toContain('0 files written');
  });

  test('by Ctrl-C: what was begun is ended, and nothing stays locked', async () => {
    const place = workplace({ 'demo.yaml': many });
    const run = place.start('generate');
    await untilItWrites(place);
    run.kill('SIGINT');
    const [code] = (await once(run, 'close')) as [number];
    expect(code).toBe(130);
    expect(existsSync(place.path('output/demo.lock'))).toBe(false);
    expect(place.run('generate', '--check').code).toBe(0);
    expect(place.run('generate').out).toContain('0 files written');
  });
});

describe('boot/', () => {
  test('is for its owner alone, and ignores itself in git', () => {
    const place = generated();
    expect(statSync(place.path('output/demo/boot')).mode & 0o777).toBe(0o700);
    for (const path of place.files('output/demo/boot').keys())
      expect(statSync(place.path(`output/demo/boot/${path}`)).mode & 0o777, path).toBe(0o600);
    expect(place.read('output/demo/boot/.gitignore')).toBe('*\n');
    chmodSync(place.path('output/demo/boot/a.user-data'), 0o644);
    chmodSync(place.path('output/demo/boot'), 0o755);
    place.run('generate');
    expect(statSync(place.path('output/demo/boot/a.user-data')).mode & 0o777).toBe(0o600);
    expect(statSync(place.path('output/demo/boot')).mode & 0o777).toBe(0o700);
  });

  test('has exact sizes in its manifest, within what was counted for them', () => {
    const place = generated();
    const sizes = JSON.parse(place.read('output/demo/boot/manifest.json')) as { files: Record<string, { size: number }> };
    const counted = JSON.parse(place.read('output/demo/manifest.json')) as { nodes: Record<string, { atMost: number }> };
    expect(Object.keys(sizes.files)).toEqual(['a.user-data', 'b.user-data', 'c.user-data']);
    for (const [file, { size }] of Object.entries(sizes.files)) {
      expect(statSync(place.path(`output/demo/boot/${file}`)).size).toBe(size);
      expect(size).toBeLessThanOrEqual(counted.nodes[file.charAt(0)]?.atMost ?? 0);
    }
  });

  test('no payload has a hole left', () => {
    const place = generated();
    for (const path of place.files('output/demo/boot').keys())
      expect(place.read(`output/demo/boot/${path}`)).not.toContain('${triskel:');
    expect(place.read('output/demo/nodes/a/user-data.yaml')).toContain('${triskel:');
  });

  test('a hole that nothing fills: no payload, an old one goes, and the hole is named', () => {
    const openstack = readFileSync('blueprints/openstack-lbaas.yaml', 'utf8');
    const place = workplace({ 'demo.yaml': openstack });
    expect(place.run('generate').code).toBe(0);
    place.write('output/openstack-lbaas/boot/master0.ign', 'of an earlier run');
    place.write('output/openstack-lbaas/boot/gone.ign', 'of an earlier run');
    place.write('output/openstack-lbaas/boot/manifest.json', '{"format": 1, "files": {"gone.ign": {}}}');
    const { code, out, err } = place.run('generate');
    expect(code).toBe(0);
    expect(out).toContain('0/3 payloads sealed');
    expect(err).toMatch(/warning: openstack\/credential-secret is open on master0, .*`triskel secrets set <blueprint> openstack\/credential-secret` \[output\/open-hole\]/);
    expect([...place.files('output/openstack-lbaas/boot').keys()]).toEqual(['.gitignore', 'manifest.json']);
    const manifest = JSON.parse(place.read('output/openstack-lbaas/boot/manifest.json')) as { open: Record<string, string[]> };
    expect(manifest.open['master0']).toContain('openstack/credential-secret');
  });

  test('without the store that boot/ was sealed from: no new keys are made over the last copy of the old ones', () => {
    const place = workplace({ 'demo.yaml': blueprintOf('demo', ['a']) });
    expect(place.run('generate').code).toBe(0);
    const before = place.files('output/demo/boot');
    rmSync(place.path('blueprints/demo.secrets.age'));
    const { code, err } = place.run('generate');
    expect(code).toBe(1);
    expect(err).toContain('[secrets/store-lost]');
    expect(place.files('output/demo/boot')).toEqual(before);
    expect([...place.files('blueprints').keys()]).toEqual(['demo.yaml']);
    rmSync(place.path('output/demo/boot'), { recursive: true });
    expect(place.run('generate')).toMatchObject({ code: 0, out: expect.stringContaining('1/1 payloads sealed') as string });
  });

  test('without an identity that opens the store: the tree is written, boot/ and the store stay', () => {
    const place = generated();
    const before = { boot: place.files('output/demo/boot'), store: place.files('blueprints') };
    place.write('blueprints/demo.yaml', THREE.replace('address: 192.0.2.12', 'address: 192.0.2.13'));
    const { code, out, err } = place.runWith({ TRISKEL_IDENTITY: place.path('nobody.txt') }, 'generate');
    expect(code).toBe(1);
    expect(out).toContain('boot/ left as it was');
    expect(err).toContain('[secrets/no-identity-opens]');
    expect(place.read('output/demo/README.md')).toContain('192.0.2.13');
    expect(place.files('output/demo/boot')).toEqual(before.boot);
    expect(place.files('blueprints').get('demo.secrets.age')).toBe(before.store.get('demo.secrets.age'));
    expect(existsSync(place.path('nobody.txt'))).toBe(false);
  });
});

describe('payloads that are served', () => {
  const SERVED = `${THREE}payload: { limit: ec2, serve: 'https://boot.example.org/k8s/' }\n`;
  const served = (place: Workplace): string[] =>
    [...place.files('output/demo/boot').keys()].filter((path) => path.startsWith('serve/'));

  test('lie in boot/serve/ for their owner alone, and boot/ has what points at each', () => {
    const place = generated(SERVED);
    const files = served(place);
    expect(files.map((path) => path.replace(/-.*/, ''))).toEqual(['serve/a', 'serve/b', 'serve/c']);
    expect(statSync(place.path('output/demo/boot/serve')).mode & 0o777).toBe(0o700);
    for (const path of files) {
      const pointer = place.read(`output/demo/boot/${path.charAt('serve/'.length)}.user-data`);
      expect(pointer).toContain(`https://boot.example.org/k8s/${path.slice('serve/'.length)}\n`);
      expect(pointer).toContain(sha512(place.read(`output/demo/boot/${path}`)));
      expect(pointer).not.toContain('PRIVATE KEY');
      expect(statSync(place.path(`output/demo/boot/${path}`)).mode & 0o777).toBe(0o600);
    }
    const { files: listed } = JSON.parse(place.read('output/demo/boot/manifest.json')) as { files: object };
    expect(Object.keys(listed).filter((path) => path.startsWith('serve/'))).toEqual(files);
  });

  test('show the pointer for review, with a hash of no file', () => {
    const place = generated(SERVED);
    const pointer = place.read('output/demo/nodes/a/pointer.yaml');
    expect(pointer).toContain(`https://boot.example.org/k8s/a-${'0'.repeat(32)}.user-data`);
    const sealed = place.read('output/demo/boot/a.user-data');
    expect(sealed.replace(/a-[0-9a-f]{32}/, `a-${'0'.repeat(32)}`).replace(/[0-9a-f]{128}/, `"${'0'.repeat(128)}"`)).toBe(pointer);
  });

  test('have another name once they are others, and the old file goes', () => {
    const place = generated(SERVED);
    const before = served(place);
    expect(place.run('secrets', 'renew', 'blueprints/demo.yaml', 'scheduler.a').code).toBe(0);
    const after = served(place);
    expect(after.length).toBe(3);
    expect(after.filter((path) => before.includes(path)).map((path) => path.charAt('serve/'.length))).toEqual(['b', 'c']);
  });

  test('without a server, what is too large is one error that names the way out', () => {
    const place = workplace({ 'demo.yaml': `${THREE}payload: { limit: ec2 }\n` });
    const { code, err } = place.run('check');
    expect(code).toBe(1);
    expect(err).toMatch(/error: the payload of [abc] takes up to \d+ bytes, and ec2 takes 16384, and those of 2 more nodes/);
    expect(err.match(/\[output\/payload-too-large\]/g)?.length).toBe(1);
    expect(err).toContain('payload.serve');
  });
});

describe('generate --check', () => {
  test('lists what is missing, changed and extra, and touches nothing', () => {
    const place = generated();
    rmSync(place.path('output/demo/pki.yaml'));
    place.write('output/demo/README.md', 'changed');
    place.write('output/demo/extra.txt', 'extra');
    const before = place.files('.');
    const { code, out, err } = place.run('generate', '--check');
    expect(code).toBe(1);
    expect(out).toBe('missing  output/demo/pki.yaml\nchanged  output/demo/README.md\nextra    output/demo/extra.txt\n');
    expect(err).toContain('output/demo differs from blueprints/demo.yaml: 1 missing, 1 changed, 1 extra [output/stale]');
    expect(place.files('.')).toEqual(before);
  });

  test('never opens a store, and never makes one', () => {
    const place = generated();
    rmSync(place.path('identity.txt'));
    place.write('blueprints/demo.secrets.age', 'not a store');
    rmSync(place.path('output/demo/boot'), { recursive: true });
    expect(place.run('generate', '--check').code).toBe(0);
    expect([...place.files('.').keys()]).not.toContain('identity.txt');
  });

  test('--json tells all of it', () => {
    const place = generated();
    rmSync(place.path('output/demo/pki.yaml'));
    const told = JSON.parse(place.run('generate', '--check', '--json').out) as object;
    expect(told).toMatchObject({ ok: false, cluster: 'demo', missing: ['pki.yaml'], changed: [], extra: [] });
  });
});

describe('diff', () => {
  test('is a patch of what generate would write, node by node', () => {
    const place = generated();
    place.write('blueprints/demo.yaml', `${THREE}time: { servers: [ntp.example.org] }\n`);
    const { code, out } = place.run('diff', 'blueprints/demo.yaml');
    expect(code).toBe(0);
    expect(out).toContain('a: differences in ');
    expect(out).toContain('+++ b/output/demo/nodes/a/files/etc/systemd/timesyncd.conf.d/10-triskel.conf\n');
    expect(out).toContain('\n+NTP=ntp.example.org\n');
    expect(place.run('diff', 'blueprints/demo.yaml', '--exit-code').code).toBe(1);
    expect(place.runWith({ FORCE_COLOR: '1' }, 'diff', 'blueprints/demo.yaml').out).toContain('\u001b[32m+NTP=');
  });
});
