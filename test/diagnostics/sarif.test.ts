/** The log that code scanning reads, against OASIS' own schema, and in the words of a run. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { Log, Result } from 'sarif';
import { describe, expect, test } from 'vitest';
import { blueprintOf, THREE, workplace, type Workplace } from '../support/triskel.ts';

/** SARIF 2.1.0 as the package brings it; draft 04, of which it uses nothing that later drafts read otherwise. */
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
) as Record<string, unknown>;
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

function logOf(place: Workplace, ...args: string[]): Log {
  place.run(...args, '--sarif', 'out.sarif');
  const log = JSON.parse(place.read('out.sarif')) as Log;
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log;
}

const resultsOf = (log: Log): readonly Result[] => log.runs[0]?.results ?? [];

const TWO = blueprintOf('demo', ['a', 'b']);
const ACKNOWLEDGED = `${TWO}acknowledge: [{ code: review/two-etcd-members, reason: the guide has it so }]\n`;

describe('a log', () => {
  test('has each finding with its rule, its level, its lines and the places beside it', () => {
    const log = logOf(workplace({ 'demo.yaml': TWO }), 'check');
    const found = resultsOf(log).find(({ ruleId }) => ruleId === 'review/two-etcd-members');
    expect(found).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'blueprints/demo.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 8, startColumn: 5, endLine: 8 },
          },
        },
      ],
      relatedLocations: [{ physicalLocation: { region: { startLine: 9 } }, message: { text: 'an etcd member' } }],
    });
    expect(found?.suppressions).toBeUndefined();
    const rules = log.runs[0]?.tool.driver.rules ?? [];
    for (const { ruleId, ruleIndex, locations = [] } of resultsOf(log)) {
      expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
      expect(locations.length).toBe(1);
    }
    expect(rules.map(({ id }) => id)).toEqual(rules.map(({ id }) => id).sort());
    expect(rules.find(({ id }) => id === 'review/two-etcd-members')?.help?.markdown).toContain('## Why it matters');
    expect(log.runs[0]?.invocations?.[0]).toEqual({ executionSuccessful: true, exitCode: 1 });
  });

  test('has what is acknowledged as suppressed, with its reason', () => {
    const log = logOf(workplace({ 'demo.yaml': ACKNOWLEDGED }), 'generate');
    expect(resultsOf(log).find(({ ruleId }) => ruleId === 'review/two-etcd-members')).toMatchObject({
      level: 'error',
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'the guide has it so' }],
    });
    expect(log.runs[0]?.invocations?.[0]?.exitCode).toBe(0);
  });

  test('is one for all blueprints of a run, and says where neighbours lie', () => {
    const place = workplace({ 'demo.yaml': THREE, 'other.yaml': THREE.replace('name: demo', 'name: other') });
    const taken = resultsOf(logOf(place, 'check')).filter(
      ({ ruleId }) => ruleId === 'review/address-of-another-cluster',
    );
    const uris = taken.map(({ locations, relatedLocations }) =>
      [locations?.[0], relatedLocations?.[0]].map((location) => location?.physicalLocation?.artifactLocation?.uri),
    );
    expect(uris).toEqual([
      ['blueprints/demo.yaml', 'blueprints/other.yaml'],
      ['blueprints/other.yaml', 'blueprints/demo.yaml'],
    ]);
  });

  test('is there when nothing is wrong, so that what was found before is closed', () => {
    const sound = blueprintOf('demo', ['a', 'b', 'c'], 'etcd: { disk: /dev/disk/by-id/virtio-etcd }\n');
    expect(resultsOf(logOf(workplace({ 'demo.yaml': sound }), 'check'))).toEqual([]);
  });

  test('is there when there is nothing to check', () => {
    expect(resultsOf(logOf(workplace(), 'check')).map(({ ruleId }) => ruleId)).toEqual(['cli/no-blueprints']);
  });

  test('has URIs of names with blanks, and of files elsewhere', () => {
    const place = workplace({ 'my demo.yaml': TWO });
    const uris = (file: string): unknown[] =>
      resultsOf(logOf(place, 'check', file)).map((r) => r.locations?.[0]?.physicalLocation?.artifactLocation);
    expect(uris('blueprints/my demo.yaml')[0]).toEqual({ uri: 'blueprints/my%20demo.yaml', uriBaseId: '%SRCROOT%' });
    expect(uris(place.path('blueprints/my demo.yaml'))[0]).toEqual({
      uri: 'blueprints/my%20demo.yaml',
      uriBaseId: '%SRCROOT%',
    });
    expect(uris('/nowhere/x.yaml')).toEqual([{ uri: 'file:///nowhere/x.yaml' }]);
  });
});

test('a log that cannot be written is told, and the exit code says so', () => {
  const place = workplace({ 'demo.yaml': THREE });
  const { code, err } = place.run('check', '--sarif', 'no/such/folder.sarif');
  expect(code).toBe(1);
  expect(err).toContain('no/such/folder.sarif');
  expect(err).toContain('[output/unwritable]');
});

test('the schema refuses what is no SARIF', () => {
  const log = logOf(workplace({ 'demo.yaml': TWO }), 'check');
  const [run] = log.runs;
  expect(validate({ ...log, runs: [{ ...run, resultz: [] }] })).toBe(false);
  expect(validate({ ...log, runs: [{ ...run, results: [{ level: 'fatal', message: { text: 'x' } }] }] })).toBe(false);
});
