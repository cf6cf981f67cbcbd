import { isHostName } from '../base/networks.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { PlanItem } from '../nodeplan/items.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import proxy from './apt-proxy.conf.ejs';
import type { Platform } from './platform.ts';
import { adapted } from './shared/adapted.ts';
import { downloadItems } from './shared/downloads.ts';
import { filesystemUnits } from './shared/filesystems.ts';
import { kernelFiles } from './shared/kernel.ts';
import { systemPackages } from './shared/packages.ts';

/** What apt does by itself: it would hold apt's lock while packages are installed, and upgrade what was tested. */
const APT_TIMERS = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

/** Reboots are the operator's. */
const APT_REBOOTS = 'Unattended-Upgrade::Automatic-Reboot "false";\n';

/** Debian 12 and 13 from their cloud images. */
export const debian: Platform = {
  name: 'debian',
  format: 'cloud-init',
  adapt(plan, cluster) {
    const downloads = downloadItems(plan.downloads, cluster);
    const translated = [
      ...(downloads.value ?? []),
      ...kernelFiles(plan),
      ...filesystemUnits(plan.filesystems),
      ...time(plan),
    ];
    const packages = systemPackages(
      [...plan.packages, ...translated.filter((item) => item.kind === 'package')],
      plan.node,
    );
    return adapted(
      plan,
      ['download', 'sysctl', 'kernel-module', 'package', 'filesystem'],
      [
        ...translated.filter((item) => item.kind !== 'package'),
        ...(packages.value ?? []),
        ...APT_TIMERS.map((name) => ({ kind: 'unit', name, enabled: false, masked: true }) as const),
        { kind: 'file', path: '/etc/apt/apt.conf.d/90-triskel-reboots', mode: 0o644, content: APT_REBOOTS },
        ...aptProxy(cluster),
      ],
      [...downloads.diagnostics, ...packages.diagnostics],
    );
  },
};

/** Time servers of the blueprint are read by systemd-timesyncd, which not every image has; else the image's own way stays. */
function time(plan: NodePlan): PlanItem[] {
  if (!plan.files.some((file) => file.path.startsWith('/etc/systemd/timesyncd.conf.d/'))) return [];
  return [
    { kind: 'package', name: 'systemd-timesyncd' },
    { kind: 'unit', name: 'systemd-timesyncd.service', enabled: true },
  ];
}

/** apt does not read the environment of other services. */
function aptProxy({ proxy: given }: Cluster): PlanItem[] {
  if (given === undefined) return [];
  const proxies = Object.entries({ http: given.http, https: given.https }).flatMap(([scheme, url]) =>
    url === undefined ? [] : { scheme, url },
  );
  // apt knows exceptions by host, not by network or suffix (apt-transport-http(1)).
  const direct = given.exempt.filter(isHostName);
  const content = proxy({ proxies, direct });
  return [{ kind: 'file', path: '/etc/apt/apt.conf.d/90-triskel-proxy', mode: 0o644, content }];
}
