/** The real OpenStack of scripts/openstack-lab, for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBeside } from '../programs.ts';
import type { Client } from './by-hand.ts';

/** The lab's folder; undefined: nobody has installed it. */
export const LAB = process.env['TRISKEL_OPENSTACK'];

export const PROGRAM = 'scripts/openstack-lab/lab.sh';

/** Where it is. */
export const lab = {
  authUrl: 'http://127.0.0.1:5000',
  /** Clouds `admin`, `demo`, `other`, `plain` and `demo-appcred`. */
  cloudsFile: join(LAB ?? '', 'clouds.yaml'),
  /** A Debian tree with OpenStack's own clients. */
  root: join(LAB ?? '', 'root'),
};

/**
 * Starts it, unless it runs already: then what others left in it is there. What comes back stops it again, where this has started
 * it.
 */
export async function startLab(): Promise<() => Promise<void>> {
  if (LAB === undefined) throw new Error('TRISKEL_OPENSTACK does not say where the lab is');
  if ((await runBeside(PROGRAM, ['status'])).code === 0) return () => Promise.resolve();
  const down = async (): Promise<void> => {
    await runBeside(PROGRAM, ['down']);
  };
  const { code, output } = await runBeside(PROGRAM, ['up']);
  if (code === 0) return down;
  await down();
  throw new Error(output);
}

/** OpenStack's own client (by-hand.ts), as a user of the lab: a process for each command, as operators run it. */
export function clientOf(user: string): Client {
  return async (words) => {
    const { code, output } = await runBeside(PROGRAM, ['client', ...words], { OS_CLOUD: user });
    if (code !== 0) throw new Error(`openstack ${words.join(' ')}: ${output}`);
    return output;
  };
}

/** What blueprints/openstack-lbaas.yaml says of its own cloud, and of the lab: its image, and a flavor of which its quota holds three. */
const OF_LAB: readonly (readonly [string, string])[] = [
  ['cloud: mycloud', 'cloud: demo'],
  ['https://keystone.example.org:5000/v3', 'http://127.0.0.1:5000/v3'],
  ['image: flatcar-stable', 'image: tiny'],
  ['flavor: m1.large', 'flavor: m1.small'],
];

/** The blueprint of the example on the lab. `address`: a floating IP that is reserved there. */
export function lbaasOnLab(address: string): string {
  return [...OF_LAB, ['10.47.40.33', address] as const].reduce(
    (text, [own, labs]) => {
      if (!text.includes(own)) throw new Error(`openstack-lbaas.yaml has no ${own}`);
      return text.replace(own, labs);
    },
    readFileSync('blueprints/openstack-lbaas.yaml', 'utf8'),
  );
}
