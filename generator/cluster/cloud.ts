import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { didYouMean } from '../base/suggestions.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import { refuseTwice } from './duplicates.ts';
import { isWholeKey } from './ssh-key.ts';
import type { Report } from './report.ts';

/** Refuses what only a cloud has where there is none, floating IPs that stand twice, and a monitor that overlaps itself. */
export function refuseCloudless(blueprint: Blueprint, report: Report): void {
  const { nodes = [], publishedServices, cloud, endpoint } = blueprint;
  const floating: { text: string; path: Path }[] = [
    ...(endpoint?.floatingIp === undefined ? [] : [{ text: endpoint.floatingIp, path: ['endpoint', 'floatingIp'] }]),
    ...nodes.flatMap(({ floatingIp }, index) =>
      floatingIp === undefined ? [] : [{ text: floatingIp, path: ['nodes', index, 'floatingIp'] }],
    ),
    ...(publishedServices?.floatingIp === undefined
      ? []
      : [{ text: publishedServices.floatingIp, path: ['publishedServices', 'floatingIp'] }]),
  ];
  const openstack = cloud?.openstack;
  if (openstack === undefined || openstack.externalNetwork === undefined) {
    const missing = openstack === undefined ? 'cloud.openstack' : 'cloud.openstack.externalNetwork';
    for (const { text, path } of floating)
      report(diagnostic('cluster/cloud-needed', `${what(text)}, and there is no ${missing}`, [at(path)]));
  }
  const reserved = floating.filter(({ text }) => text !== 'new');
  refuseTwice(
    reserved.map(({ text }) => text),
    (text) => `the floating IP ${text}`,
    (index) => reserved[index]?.path ?? [],
    report,
  );
  refuseKeyPair(blueprint, report);
  const monitor = openstack?.loadBalancer?.monitor;
  const path = ['cloud', 'openstack', 'loadBalancer'];
  if (openstack?.loadBalancer !== undefined && endpoint?.type !== 'openstack-load-balancer')
    report(
      diagnostic('cluster/without-load-balancer', 'endpoint.type is not openstack-load-balancer', [
        { path, onKey: true },
      ]),
    );
  if ((monitor?.timeout ?? 3) >= (monitor?.delay ?? 5)) {
    const text = `a check may take ${String(monitor?.timeout ?? 3)} s, and the next begins after ${String(monitor?.delay ?? 5)} s`;
    report(diagnostic('cluster/monitor-overlap', text, [at([...path, 'monitor'])]));
  }
}

/** A key pair that is there, or one of a user's key. */
function refuseKeyPair({ access, cloud }: Blueprint, report: Report): void {
  const { keyPair, keyPairOf } = cloud?.openstack ?? {};
  if (keyPairOf === undefined) return;
  const path = ['cloud', 'openstack', 'keyPairOf'];
  if (keyPair !== undefined) {
    const text = 'servers get one key pair: keyPair names one that is there, keyPairOf makes one';
    report(diagnostic('cluster/key-pair', text, [at(path), at(['cloud', 'openstack', 'keyPair'])]));
  }
  const users = access?.users ?? [];
  const user = users.find(({ name }) => name === keyPairOf);
  const names = users.map(({ name }) => name);
  if (user === undefined)
    report(
      diagnostic('cluster/key-pair', `access.users has no "${keyPairOf}".${didYouMean(keyPairOf, names)}`, [at(path)]),
    );
  else if (user.sshKeys[0] === undefined)
    report(diagnostic('cluster/key-pair', `"${keyPairOf}" has no SSH key`, [at(path)]));
  else if (!isWholeKey(user.sshKeys[0])) {
    const key = ['access', 'users', users.indexOf(user), 'sshKeys', 0];
    report(diagnostic('cluster/key-pair', `the first SSH key of "${keyPairOf}" is not whole`, [at(key), at(path)]));
  }
}

function what(floatingIp: string): string {
  return floatingIp === 'new' ? 'a new floating IP is wanted' : `${floatingIp} is a floating IP`;
}
