import { isHostName } from '../../base/networks.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import proxy from './apt-proxy.conf.ejs';

/** Reboots are the operator's. */
const REBOOTS = 'Unattended-Upgrade::Automatic-Reboot "false";\n';

/** What apt is told: never to reboot, and the proxy, which it does not read from the environment of other services. */
export function aptItems({ proxy: given }: Cluster): PlanItem[] {
  const items: PlanItem[] = [aptConf('reboots', REBOOTS)];
  if (given === undefined) return items;
  const proxies = Object.entries({ http: given.http, https: given.https }).flatMap(([scheme, url]) =>
    url === undefined ? [] : { scheme, url },
  );
  // apt knows exceptions by host, not by network or suffix (apt-transport-http(1)).
  const direct = given.exempt.filter(isHostName);
  return [...items, aptConf('proxy', proxy({ proxies, direct }))];
}

function aptConf(name: string, content: string): PlanItem {
  return { kind: 'file', path: `/etc/apt/apt.conf.d/90-triskel-${name}`, mode: 0o644, content };
}
