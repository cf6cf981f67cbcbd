import { describe, expect, test } from 'vitest';
import { SSH_KEY, workplace } from '../support/triskel.ts';

const THREE = ['--name', 'demo', '--control-plane', '10.0.0.10, 10.0.0.11,10.0.0.12', '--endpoint', '10.0.0.5:6443'];

describe('init', () => {
  test.each(['flatcar', 'debian', 'rocky'])('writes a blueprint for %s that generates', (os) => {
    const place = workplace();
    place.write('key.pub', `${SSH_KEY}\n`);
    const made = place.run('init', ...THREE, '--os', os, '--worker', '10.0.0.20,10.0.0.21', '--ssh-key', 'key.pub');
    expect(made.code).toBe(0);
    expect(made.err).toMatch(/warning: etcd shares the root disk[^]*\n1 warning(, 1 note)?\n$/);
    expect(made.out).toContain('wrote blueprints/demo.yaml');
    const text = place.read('blueprints/demo.yaml');
    expect(text.split('\n').length).toBeLessThan(25);
    expect(text).toMatch(/^# yaml-language-server: \$schema=.*blueprint\.schema\.json\n/);
    expect(text.split('\n').filter((line) => line.startsWith('# ')).length).toBeGreaterThan(3);
    expect(place.run('check').code).toBe(0);
    const generated = place.run('generate');
    expect(generated.code).toBe(0);
    expect(generated.out).toContain('demo: 5 nodes; ');
    expect(generated.out).toContain('5/5 payloads sealed');
    expect(place.run('generate', '--check')).toMatchObject({ code: 0, out: 'demo: output/demo is up to date\n' });
    expect(place.run('diff', 'blueprints/demo.yaml', '--exit-code')).toMatchObject({
      code: 0,
      out: 'demo: no difference\n',
    });
  });

  test('needs no load balancer and no worker for one node', () => {
    const place = workplace();
    expect(place.run('init', '--name', 'solo', '--control-plane', 'fd00::10', '--ssh-key', SSH_KEY).code).toBe(0);
    const text = place.read('blueprints/solo.yaml');
    expect(text).toContain('network: { nodes: fd00::/64 }');
    expect(text).toContain('roles: [ control-plane, worker ]');
    expect(place.run('generate').code).toBe(0);
  });

  test('overwrites nothing unasked', () => {
    const place = workplace({ 'demo.yaml': 'precious\n' });
    const refused = place.run('init', ...THREE);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('[cli/already-there]');
    expect(place.read('blueprints/demo.yaml')).toBe('precious\n');
    expect(place.run('init', ...THREE, '--force').code).toBe(0);
    expect(place.read('blueprints/demo.yaml')).toContain('name: demo');
  });

  test.each([
    ['a name', ['--name', 'Demo!', '--control-plane', '10.0.0.10'], '"Demo!" is not a name'],
    ['an address', ['--name', 'x', '--control-plane', '10.0.0.300'], '10.0.0.300'],
    [
      'a network',
      ['--name', 'x', '--control-plane', '10.0.0.10', '--network', '10.9.0.0/24'],
      'cluster/address-outside-network',
    ],
    ['a key', ['--name', 'x', '--control-plane', '10.0.0.10', '--ssh-key', 'secret\nkey'], 'U+000A'],
    [
      'a file of a key',
      ['--name', 'x', '--control-plane', '10.0.0.10', '--ssh-key', 'none.pub'],
      'there is no such file',
    ],
  ])('refuses %s that makes no good blueprint, and writes nothing', (_what, args, text) => {
    const place = workplace();
    const { code, err } = place.run('init', ...args);
    expect(code).toBe(1);
    expect(err).toContain(text);
    expect([...place.files('.').keys()]).toEqual([]);
  });

  test('nothing that is given breaks out of its place', () => {
    const place = workplace();
    const key = `ssh-ed25519 AAAA '"} # {{x}} : - y`;
    place.run('init', '--name', 'x', '--control-plane', '10.0.0.10', '--ssh-key', key);
    expect(place.run('check', '--json').out).toContain('"cluster":"x"');
  });
});
