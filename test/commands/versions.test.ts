import { expect, test } from 'vitest';
import { blueprintOf, workplace } from '../support/triskel.ts';

const SHA = 'a'.repeat(64);
const FACTS = `
kubernetes: { minors: { '1.36': { coredns: 1.14.9 } } }
releases: { kubernetes: { v1.36.4: { amd64: { kubelet: ${SHA}, kubectl: ${SHA} } } } }
`;

test('every minor version, the default one marked', () => {
  const { code, out, err } = workplace().run('versions');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').map((line) => line.split('  ')[0])).toEqual([
    'kubernetes',
    '1.33.13',
    '1.34.10',
    '1.35.7',
    '1.36.3 (default)',
    '',
  ]);
});

test.each([
  ['1.35', 'etcd 3.6.6 triskel 3.5.24+, 3.6.0+ kubernetes#135271'],
  ['v1.33.12', 'containerd 2.2.4 triskel 2.0.4+, 2.1.0+, 2.2.0+, 2.3.0+ containerd RELEASES.md'],
])('what goes with %s', (version, line) => {
  const { code, out } = workplace().run('versions', version);
  expect(code).toBe(0);
  expect(out.replaceAll(/ +/g, ' ')).toContain(line);
});

test('a version of which nothing is known', () => {
  const { code, out, err } = workplace().run('versions', '1.32');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('supported are 1.33, 1.34, 1.35, 1.36');
});

test('what a blueprint runs, and from where: its own choice, its facts, Triskel', () => {
  const more = 'components: { etcd: { version: 3.6.12 } }\nfacts: [facts/new.yaml]\n';
  const place = workplace({ 'demo.yaml': blueprintOf('demo', ['a'], more), 'facts/new.yaml': FACTS });
  const { code, out } = place.run('versions', 'blueprints/demo.yaml', '--json');
  expect(code).toBe(0);
  const { kubernetes, programs } = JSON.parse(out) as { kubernetes: string; programs: { program: string }[] };
  expect(kubernetes).toBe('1.36.4');
  const of = (name: string): object | undefined => programs.find(({ program }) => program === name);
  expect(of('etcd')).toEqual({ program: 'etcd', version: '3.6.12', from: 'blueprint', fits: { '3.6': '3.6.0' } });
  expect(of('coredns')).toEqual({ program: 'coredns', version: '1.14.9', from: 'facts' });
  expect(of('pause')).toEqual({ program: 'pause', version: '3.10.2', from: 'triskel', source: 'kubernetes#138199' });
});

test('a release that facts bring is generated on the day it is out, and the same everywhere', () => {
  const place = workplace({
    'demo.yaml': blueprintOf('demo', ['a'], 'facts: [facts/new.yaml]\n'),
    'facts/new.yaml': FACTS,
  });
  expect(place.run('generate').code).toBe(0);
  const manifest = place.read('output/demo/manifest.json');
  expect(manifest).toContain('"kubernetes": "1.36.4"');
  expect(manifest).toContain('registry.k8s.io/coredns/coredns:v1.14.9');
  expect(place.run('generate', '--check').code).toBe(0);
  place.write('blueprints/facts/new.yaml', FACTS.replace(SHA, 'b'.repeat(64)));
  expect(place.run('generate', '--check').code).toBe(1);
  place.write('blueprints/demo.yaml', blueprintOf('demo', ['a'], 'kubernetes: { version: 1.36.4 }\n'));
  expect(place.run('check').err).toContain('plan/unknown-checksum');
});
