/** `triskel init` as somebody at a terminal sees it; Python brings the terminal. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { run, type Run } from '../support/programs.ts';
import { SSH_KEY, workplace, type Workplace } from '../support/triskel.ts';

function atTerminal(place: Workplace, ...typed: string[]): Run {
  const script = 'cd "$0" && exec python3 "$@"';
  const program = [resolve('test/support/terminal.py'), process.execPath, resolve('dist/main.js'), 'init'];
  const env = { HOME: place.path('home'), NO_COLOR: '1', CI: '' };
  return run('sh', ['-c', script, place.folder, ...program, '--', ...typed], { env });
}

test('init asks what it needs, and what it writes generates', () => {
  const place = workplace();
  place.write('home/.ssh/id_ed25519.pub', `${SSH_KEY}\n`);
  const { code, output } = atTerminal(
    place,
    ...['Name of the cluster', 'demo\\r'],
    ...['Operating system', '\\x1b[B\\x1b[B\\r'],
    ...['control-plane nodes', '10.0.0.10, 10.0.0.11, 10.0.0.12\\r'],
    ...['load balancer', '10.0.0.5\\r'],
    ...['host:port, for example', ':6443\\r'],
    ...['Addresses of workers', '\\r'],
    ...['SSH key', '\\r'],
  );
  expect(output).toContain('home/.ssh/id_ed25519.pub');
  expect(output).toContain('wrote blueprints/demo.yaml');
  expect(code).toBe(0);
  expect(place.read('blueprints/demo.yaml')).toContain('os: { name: debian }');
  expect(place.read('blueprints/demo.yaml')).toContain('internal: 10.0.0.5:6443');
  expect(place.read('blueprints/demo.yaml')).toContain(SSH_KEY);
  expect(place.run('generate').code).toBe(0);
});

test('init broken off writes nothing', () => {
  const place = workplace();
  const { code, output } = atTerminal(place, 'Name of the cluster', 'demo\\r', 'Operating system', '\\x03');
  expect(output).toContain('Nothing was written.');
  expect(code).toBe(1);
  expect(existsSync(place.path('blueprints'))).toBe(false);
});
