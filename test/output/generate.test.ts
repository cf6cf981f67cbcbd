import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blueprintOf, generated, THREE, workplace } from '../support/triskel.ts';

const TWO = `${blueprintOf('demo', ['a', 'b'])}acknowledge: [{ code: review/two-etcd-members, reason: only for a test }]\n`;

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
    expect(err).toContain('blueprints/other.yaml:2:7: error: blueprints/demo.yaml is called demo, too');
    expect(err).not.toContain('review/address-of-another-cluster');
    expect([...place.files('.').keys()]).toEqual(['blueprints/demo.yaml', 'blueprints/other.yaml']);
    expect(place.run('check', 'blueprints/demo.yaml').err).toContain('blueprints/other.yaml is called demo, too');
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
