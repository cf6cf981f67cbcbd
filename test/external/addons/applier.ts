/** The applier of add-ons, with the programs, files and folders of one root. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORT } from '../../support/programs.ts';

/** Starts it before the API at `url`. */
export function startApplier(
  root: string,
  url: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  const config = join(root, 'kubeconfig');
  const named = {
    clusters: [{ name: 'c', cluster: { server: url } }],
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
  };
  writeFileSync(config, JSON.stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'c', ...named }));
  return spawn(join(root, 'apply-addons'), [join(root, 'addons')], {
    env: {
      PATH: `${join(root, 'bin')}:/usr/bin:/bin`,
      KUBECONFIG: config,
      KUBECACHEDIR: join(root, 'cache'),
      TRISKEL_PAUSE: '1',
      ...env,
      ...REPORT,
    },
  });
}
