/** What `verify` and `lab verify` have in common: all questions at once, and how what was found is told. */
import { hostPort } from '../base/networks.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../diagnostics/source-text.ts';
import { apiClient, type ApiClient } from '../host/api-client.ts';
import { now } from '../host/clock.ts';
import { endpointQuestions, nodeQuestions, type Question, type Reach } from '../verify/checks.ts';
import { machineQuestions, type RunOn } from '../verify/machine-checks.ts';
import type { Subject } from '../verify/subject.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { table } from './table.ts';

interface Check {
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'not asked';
  readonly found: string;
}

/** How a cluster is asked. */
export interface Asking {
  /** Why its nodes are not asked one by one; undefined: they are. */
  readonly notNodes: string | undefined;
  /** Undefined: nobody can run anything on its machines from here. */
  readonly run: RunOn | undefined;
  readonly locate?: Locate;
}

/** Asks a cluster, says what came back, and fails when anything is not as it should be. */
export async function verification(subject: Subject, asking: Asking, context: Context): Promise<ExitCode> {
  const { host, port } = subject.endpoint;
  const endpoint = hostPort(host, port);
  await context.progress(`${subject.cluster}: asking ${endpoint}`);
  const clients: ApiClient[] = [];
  const reach: Reach = (place, as) => {
    const client = apiClient({ ...place, ...as });
    clients.push(client);
    return client;
  };
  const questions = [
    ...endpointQuestions(subject, reach, now().getTime()),
    ...nodeQuestions(subject, reach, asking.notNodes),
    ...machineQuestions(subject, asking.run),
  ];
  const checks = await Promise.all(questions.map(answered));
  await Promise.all(clients.map((client) => client.close()));
  const failed = checks.filter(({ state }) => state === 'failed');
  return context.tell({
    text: table(
      ['check', '', 'found'],
      checks.map(({ name, state, found }) => [name, state === 'failed' ? 'FAILED' : state, found]),
    ),
    value: { cluster: subject.cluster, endpoint, checks },
    diagnostics: failed.map(({ name, found }): Diagnostic => diagnostic('cloud/check-failed', `${name}: ${found}`)),
    ...(asking.locate === undefined ? {} : { locate: asking.locate }),
    ...(failed.length === 0 ? {} : { exitCode: EXIT.network }),
  });
}

/** Whatever is thrown on the way is what was found. */
async function answered({ name, unless, ask }: Question): Promise<Check> {
  if (unless !== undefined) return { name, state: 'not asked', found: unless };
  try {
    const { ok, found } = await ask();
    return { name, state: ok ? 'ok' : 'failed', found };
  } catch (error) {
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
    return { name, state: 'failed', found: first instanceof Error ? first.message : String(first) };
  }
}
