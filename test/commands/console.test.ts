import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { workplace } from '../support/triskel.ts';

test('a log comes from a file or from standard input', () => {
  const log = readFileSync('test/boot-report/logs/complete.log', 'utf8');
  const place = workplace();
  place.write('cp0.log', log);
  const fromFile = place.run('console', 'cp0.log');
  expect(fromFile).toMatchObject({ code: 0, err: '' });
  expect(fromFile.out).toContain('complete after 82 s');
  expect(place.runWithInput(log, 'console', '-')).toEqual(fromFile);
  expect(place.runWithInput('', 'console', '-').err).toContain('standard input: error: the log is empty');
});
