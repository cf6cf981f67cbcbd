import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { blueprints, known } from './blueprints.ts';
import { clusters } from './whole-clusters.ts';
import { cloudConfigErrors, unitErrors } from './strict.ts';
import { keysIn, keysOf, valuesOf } from './schema.ts';

/** What names other files, which have tests of their own. */
const FILES = /^(extends|facts|addons\.manifests|((nodes|nodeGroups)\[\]\.)?cloudInit(\.parts)?)(\[\])?$/;

test('every key of the schema, and every value that it lists, is made', { timeout: 120_000 }, () => {
  const made = new Set(fc.sample(clusters, { numRuns: 2500, seed: 1 }).flatMap((document) => keysIn(document)));
  expect(keysOf().filter((key) => !made.has(key) && !FILES.test(key))).toEqual([]);
});

test('a key without example, bounds or list is asked for', () => {
  expect(() => valuesOf({ properties: { new: { type: 'string' } } }, 'a', known)).toThrow('a.new needs an example');
});

test('every system, version, family and role is made five times in sixty', () => {
  const texts = fc.sample(blueprints, { numRuns: 60, seed: 2 }).map((document) => JSON.stringify(document));
  for (const word of [
    'flatcar',
    'fedora-coreos',
    'debian',
    'ubuntu',
    'rocky',
    '192.0.2.0/24',
    '2001:db8::/64',
    'worker',
  ])
    expect(texts.filter((text) => text.includes(`"${word}"`)).length, word).toBeGreaterThanOrEqual(5);
});

test.each([
  ['no first line', 'a: b\n', ['no #cloud-config']],
  ['an unknown key', '#cloud-config\nruncmdd: []\n', ['runcmdd is a array']],
  ['a wrong type', '#cloud-config\nruncmd: a\n', ['runcmd is a string']],
  [
    'what versions of YAML disagree on',
    '#cloud-config\nhostname: yes\n',
    ['YAML 1.1 and 1.2 read it differently', 'hostname is a boolean'],
  ],
])('the model of cloud-config refuses %s', (_what, text, errors) => {
  expect(cloudConfigErrors(text)).toEqual(errors);
  expect(parseDocument(text).errors).toEqual([]);
});

test.each(['ExecStart=/bin/true', '[Service]\nreboot', '[Service]\n ExecStart=/bin/true', '[Service\nA=b'])(
  'the model of units refuses %j',
  (content) => {
    expect(unitErrors(content)).not.toEqual([]);
  },
);
