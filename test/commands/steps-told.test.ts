/** What is told of a boot's steps to people without a terminal, and to programs; test/external/terminal.test.ts has the terminal. */
import { CloudError } from 'openstack-client-lite';
import { expect, test } from 'vitest';
import { contextOf } from '../../generator/commands/context.ts';
import { tellSteps } from '../../generator/commands/steps-told.ts';
import { noProgress } from '../../generator/host/terminal.ts';

/** Two servers, of which one fails, and what waits for that. */
function told(json: boolean): string {
  let output = '';
  let now = 0;
  const out = (text: string): void => void (output += text);
  const terminal = { out, err: out, outColors: false, errColors: false, interactive: false, progress: noProgress };
  const context = contextOf({ json }, terminal);
  const steps = tellSteps('demo', 3, () => now, context);
  const call = { service: 'compute', method: 'POST', path: '/servers' };
  for (const name of ['master0', 'master1']) steps.onEvent({ key: `server/${name}`, does: 'create', state: 'begun' });
  now = 1.5;
  const error = new CloudError(call, { kind: 'quota', detail: 'Quota exceeded' });
  steps.onEvent({ key: 'server/master1', does: 'create', state: 'failed', error });
  steps.onEvent({ key: 'member/master1', does: 'create', state: 'skipped' });
  now = 4;
  steps.onEvent({ key: 'server/master0', does: 'create', state: 'done' });
  context.tell({ text: steps.summary(), diagnostics: steps.errors });
  return output;
}

test('without a terminal: a line for each step that ends, and nothing that moves', () => {
  expect(told(false).split('\n').slice(0, 5)).toEqual([
    '    1.5 s  could not make server/master1',
    '    1.5 s  did not make member/master1',
    '    4.0 s  made server/master0  (4.0 s)',
    'demo: 1 step of 3 done in 4.0 s',
    'error: server/master1: compute: POST /servers: Quota exceeded [cloud/call-failed]',
  ]);
});

test('for programs: a line of JSON for each event', () => {
  const lines = told(true)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.slice(0, 5)).toEqual([
    { event: 'create', state: 'begun', resource: 'server/master0', seconds: 0 },
    { event: 'create', state: 'begun', resource: 'server/master1', seconds: 0 },
    { event: 'create', state: 'failed', resource: 'server/master1', seconds: 1.5 },
    { event: 'create', state: 'skipped', resource: 'member/master1', seconds: 1.5 },
    { event: 'create', state: 'done', resource: 'server/master0', seconds: 4 },
  ]);
  expect(lines.at(-1)).toMatchObject({ ok: false, diagnostics: [{ code: 'cloud/call-failed' }] });
});
