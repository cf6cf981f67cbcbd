/** The real OpenStack of scripts/openstack-lab, for tests. */
import { join } from 'node:path';
import { runBeside } from '../programs.ts';

/** The lab's folder; undefined: nobody has installed it. */
export const LAB = process.env['TRISKEL_OPENSTACK'];

export interface Lab {
  readonly authUrl: string;
  /** Clouds `admin`, `demo`, `other`, `plain` and `demo-appcred`. */
  readonly cloudsFile: string;
  /** A Debian tree with OpenStack's own clients. */
  readonly root: string;
  /** Stops it, where `openstackLab` has started it. */
  readonly down: () => Promise<void>;
}

/** Starts it, unless it runs already: then it is left running, too, and what others left in it is there. */
export async function openstackLab(): Promise<Lab> {
  if (LAB === undefined) throw new Error('TRISKEL_OPENSTACK does not say where the lab is');
  const wasUp = (await runBeside('scripts/openstack-lab/lab.sh', ['status'])).code === 0;
  const { code, output } = wasUp ? { code: 0, output: '' } : await runBeside('scripts/openstack-lab/lab.sh', ['up']);
  if (code !== 0) throw new Error(output);
  return {
    authUrl: 'http://127.0.0.1:5000',
    cloudsFile: join(LAB, 'clouds.yaml'),
    root: join(LAB, 'root'),
    down: async () => {
      if (!wasUp) await runBeside('scripts/openstack-lab/lab.sh', ['down']);
    },
  };
}
