/** What `generate` seals. */
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sha512 } from '../../generator/base/digests.ts';
import { blueprintOf, generated, THREE, workplace, type Workplace } from '../support/triskel.ts';


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
