/** What lies beside a blueprint is compared with it, whatever state it is in, and within bounds. */
import { expect, test } from 'vitest';
import { THREE, workplace } from '../support/triskel.ts';

const other = (name: string, more = ''): string => THREE.replace('name: demo', `name: ${name}`) + more;

test('one blueprint is compared with the others of its folder, and both places are shown', () => {
  const place = workplace({ 'demo.yaml': THREE, 'other.yaml': other('other') });
  const { code, err } = place.run('check', 'blueprints/demo.yaml');
  expect(code).toBe(1);
  expect(err).toContain(
    'blueprints/demo.yaml:8:57: error: 192.0.2.10 of a is that of a in other, and 2 more addresses',
  );
  expect(err).toContain('blueprints/other.yaml:8:57: of other');
});

test('a folder of its own keeps it apart, unless both are named', () => {
  const place = workplace({ 'demo.yaml': THREE, 'site/other.yaml': other('other') });
  expect(place.run('check', 'blueprints/demo.yaml').code).toBe(0);
  expect(place.run('check', 'blueprints/demo.yaml', 'blueprints/site/other.yaml').err).toContain(
    'review/address-of-another-cluster',
  );
});

test('mistakes of another blueprint are its own, and said to be there', () => {
  const place = workplace({ 'demo.yaml': THREE, 'broken.yaml': 'apiVersion: triskel/v1\nnam: x\n' });
  const { code, err } = place.run('check', 'blueprints/demo.yaml');
  expect(code).toBe(0);
  expect(err).toContain('note: blueprints/broken.yaml: not compared with this blueprint, for mistakes there');
  expect(err).not.toContain('unknown key');
});

test('no more is read than a check has time for, and what was not is said', () => {
  const long = `# ${'x'.repeat(600_000)}\n`;
  const beside = Object.fromEntries(['p', 'q', 'r'].map((name) => [`${name}.yaml`, other(name, long)]));
  const place = workplace({ 'demo.yaml': THREE, ...beside });
  const { err } = place.run('check', 'blueprints/demo.yaml');
  expect(err).toContain('that of a in q');
  expect(err).not.toContain('that of a in r');
  expect(err).toContain('note: blueprints/r.yaml: not compared with this blueprint, for there is too much to read');
});
