import { isHostName } from '../../base/networks.ts';
import type { Cluster, ClusterNode } from '../../cluster/cluster.ts';
import { isExempt } from '../../cluster/proxy.ts';
import { systemFacts } from '../../cluster/systems.ts';
import type { PlanItem } from '../../nodeplan/items.ts';
import proxy from './apt-proxy.conf.ejs';

/** Reboots are the operator's. */
const REBOOTS = 'Unattended-Upgrade::Automatic-Reboot "false";\n';

/** needrestart lists what should be restarted, and neither restarts nor asks (its README.Debian, needrestart.conf). */
const NEEDRESTART = "$nrconf{restart} = 'l';\n$nrconf{kernelhints} = -1;\n";

/** What apt is told: never to reboot, and the proxy, which it does not read from the environment of other services. */
export function aptItems({ proxy: given, packages: { mirror } }: Cluster, { os }: ClusterNode): PlanItem[] {
  const items: PlanItem[] = [aptConf('reboots', REBOOTS)];
  if (systemFacts[os.name].needrestart === true)
    items.push({ kind: 'file', path: '/etc/needrestart/conf.d/90-triskel.conf', mode: 0o644, content: NEEDRESTART });
  if (given === undefined) return items;
  const proxies = Object.entries({ http: given.http, https: given.https }).flatMap(([scheme, url]) =>
    url === undefined ? [] : { scheme, url },
  );
  // apt knows exceptions by host, not by network or suffix (apt-transport-http(1)).
  const host = mirror === undefined ? '' : new URL(mirror).hostname;
  const direct = [...new Set([...given.exempt.filter(isHostName), ...(isExempt(host, given.exempt) ? [host] : [])])];
  return [...items, aptConf('proxy', proxy({ proxies, direct }))];
}

function aptConf(name: string, content: string): PlanItem {
  return { kind: 'file', path: `/etc/apt/apt.conf.d/90-triskel-${name}`, mode: 0o644, content };
}
