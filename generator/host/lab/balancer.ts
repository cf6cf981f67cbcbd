import { join } from 'node:path';
import { hostPort } from '../../base/networks.ts';
import type { Balancer } from '../../lab/balancer.ts';
import type { Lab } from './lab.ts';
import { firstLine } from './running.ts';

/** Gives a lab the addresses of a balancer, and starts it there. */
export async function startBalancer(lab: Lab, { listen, servers }: Balancer): Promise<void> {
  for (const { host } of listen) {
    const cidr = host.includes(':') ? [`${host}/128`, 'nodad'] : [`${host}/32`];
    const { code, output } = await lab.run('ip', 'address', 'replace', ...cidr, 'dev', 'br0');
    if (code !== 0) throw new Error(`${lab.name} does not get the address ${host}: ${output}`);
  }
  const texts = (places: Balancer['listen']): string[] => places.map(({ host, port }) => hostPort(host, port));
  await firstLine([
    ...lab.enter,
    'python3',
    join(lab.folder, 'balancer.py'),
    ...texts(listen),
    '--',
    ...texts(servers),
  ]);
}
