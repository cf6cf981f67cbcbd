import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPort } from '../../base/networks.ts';
import configText from '../../lab/balancer.cfg.ejs';
import type { Balancer } from '../../lab/balancer.ts';
import type { Lab } from './lab.ts';

/** Gives a lab the addresses of a balancer, and starts this machine's haproxy there. */
export async function startBalancer(lab: Lab, { listen, servers }: Balancer): Promise<void> {
  const run = async (...command: string[]): Promise<void> => {
    const { code, output } = await lab.run(...command);
    if (code !== 0) throw new Error(`${lab.name}: ${command.join(' ')}: ${output}`);
  };
  for (const { host } of listen) {
    const cidr = host.includes(':') ? [`${host}/128`, 'nodad'] : [`${host}/32`];
    await run('ip', 'address', 'replace', ...cidr, 'dev', 'br0');
  }
  const texts = (places: Balancer['listen']): string[] => places.map(({ host, port }) => hostPort(host, port));
  const config = join(lab.folder, 'balancer.cfg');
  writeFileSync(config, configText({ listen: texts(listen), servers: texts(servers) }));
  await run('haproxy', '-c', '-q', '-f', config);
  lab.start('balancer.log', 'haproxy', '-db', '-f', config);
}
