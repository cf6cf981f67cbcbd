/**
 * OpenStack's own client as one process for many commands: its interactive mode on a pipe. A process of its own for each takes two
 * seconds until it asks for anything.
 */
import { spawn } from 'node:child_process';
import { systemClock, type Cloud } from 'openstack-client-lite';
import type { Client } from './by-hand.ts';
import { PROGRAM } from './lab.ts';
import { as } from './lab-user.ts';

/** Prints this after each command. */
const END = 'this was all';
/** What it says of a command that failed; it has no exit code then. */
const FAILED =
  /^(Error while|openstack: '|usage: )|is not an openstack command|Exception|^Unable to |\(HTTP [45]\d\d\)|^No \w+ found/m;

/**
 * Runs a task with a client as a user of the lab. Its `--wait` looks every 3 or 5 seconds; here the same is seen sooner, by a look of
 * our own.
 */
export async function withShell(user: string, task: (client: Client) => Promise<void>): Promise<void> {
  const shell = spawn(PROGRAM, ['client'], { env: { ...process.env, OS_CLOUD: user, PYTHONUNBUFFERED: '1' } });
  const ended = new Promise<string>((_resolve, reject) => {
    shell.on('error', reject).on('exit', () => reject(new Error('the client ended')));
  });
  ended.catch(() => undefined);
  let printed = '';
  let heard = (): void => undefined;
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (data: Buffer) => {
      printed += data.toString();
      heard();
    });
  const answer = (): Promise<string> =>
    new Promise((resolve) => {
      heard = () => {
        if (!printed.includes(END)) return;
        const [before = ''] = printed.split(END);
        printed = '';
        resolve(before);
      };
      heard();
    });
  const cloud = as(user);
  try {
    await task(async (words) => {
      const line = words.filter((word) => word !== '--wait').join(' ');
      shell.stdin.write(`${line}\n!echo ${END}\n`);
      const output = await Promise.race([answer(), ended]);
      if (FAILED.test(output)) throw new Error(`openstack ${line}: ${output}`);
      if (words.includes('--wait')) await settled(cloud);
      return output;
    });
  } finally {
    shell.stdin.end();
    await ended.catch(() => undefined);
  }
}

/** Waits until no server and no load balancer of the project is about to become something else. */
async function settled({ compute, loadBalancer }: Cloud): Promise<void> {
  for (;;) {
    const [servers, balancers] = await Promise.all([compute.servers.list(), loadBalancer.loadBalancers.list()]);
    const moves =
      servers.some((server) => server.status === 'BUILD' || server['OS-EXT-STS:task_state'] !== null) ||
      balancers.some(({ provisioning_status }) => provisioning_status.startsWith('PENDING'));
    if (!moves) return;
    await systemClock.sleep(250);
  }
}
