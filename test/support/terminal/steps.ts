/** Tells, as `boot` does, how two servers are made, one of them slowly: for test/external/terminal.test.ts, which gives it a terminal. */
import { contextOf } from '../../../generator/commands/context.ts';
import { tellSteps } from '../../../generator/commands/steps-told.ts';
import { stopwatch } from '../../../generator/host/clock.ts';
import { openTerminal } from '../../../generator/host/terminal.ts';

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

const context = contextOf({ json: process.argv.includes('--json') }, openTerminal());
const told = tellSteps('demo', 2, stopwatch(), context);
for (const name of ['master0', 'master1']) told.onEvent({ key: `server/${name}`, does: 'create', state: 'begun' });
await pause(1500);
told.onEvent({ key: 'server/master1', does: 'create', state: 'done' });
await pause(2500);
told.onEvent({ key: 'server/master0', does: 'create', state: 'done' });
context.tell({ text: told.summary() });
