/** Tells the steps of a boot that makes two servers, one of them slowly; run by test/commands/steps-told.test.ts. `--json`: for programs. */
import { CloudError } from 'openstack-client-lite';
import { contextOf } from '../../../generator/commands/context.ts';
import { tellSteps } from '../../../generator/commands/steps-told.ts';
import { stopwatch } from '../../../generator/host/clock.ts';
import { openTerminal } from '../../../generator/host/terminal.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

const context = contextOf({ json: process.argv.includes('--json') }, openTerminal());
const told = tellSteps('demo', 3, stopwatch(), context);
const error = new CloudError(
  { service: 'compute', method: 'POST', path: '/servers' },
  { kind: 'quota', detail: 'Quota exceeded' },
);
for (const name of ['master0', 'master1']) told.onEvent({ key: `server/${name}`, does: 'create', state: 'begun' });
await pause(1500);
told.onEvent({ key: 'server/master1', does: 'create', state: 'failed', error });
await pause(2500);
told.onEvent({ key: 'server/master0', does: 'create', state: 'done' });
told.onEvent({ key: 'member/master0', does: 'create', state: 'skipped' });
context.tell({ text: told.summary(), diagnostics: told.errors });
