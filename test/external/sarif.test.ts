/** The log of findings before Microsoft's own reader of SARIF, which knows more than the schema. */
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { run } from '../support/programs.ts';
import { blueprintOf, THREE, workplace } from '../support/triskel.ts';

const MULTITOOL = process.env['TRISKEL_SARIF'];

/** Lines with what it takes for an error. */
function errorsOf(file: string): string[] {
  const { output } = run(MULTITOOL ?? '', ['validate', file]);
  expect(output).toContain('1 files scanned');
  return output.split('\n').filter((line) => line.includes(': error '));
}

describe.skipIf(MULTITOOL === undefined)('the SARIF Multitool (TRISKEL_SARIF)', () => {
  test('has nothing against a log with errors, acknowledged findings and neighbours', () => {
    const two = blueprintOf(
      'two',
      ['a', 'b'],
      'acknowledge: [{ code: review/two-etcd-members, reason: only for a test }]\n',
    );
    const place = workplace({ 'demo.yaml': THREE, 'two.yaml': two, 'broken.yaml': 'apiVersion: triskel/v1\nnam: x\n' });
    expect(place.run('check', '--sarif', 'out.sarif').code).toBe(1);
    expect(errorsOf(place.path('out.sarif'))).toEqual([]);
  });

  test('refuses what is wrong', () => {
    const place = workplace({ 'demo.yaml': THREE });
    place.run('check', '--sarif', 'out.sarif');
    writeFileSync(place.path('bad.sarif'), place.read('out.sarif').replace('"startLine": ', '"startLine": -'));
    expect(errorsOf(place.path('bad.sarif')).join('\n')).toContain('startLine');
  });
});
