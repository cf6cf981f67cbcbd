import { xml, type XmlElement } from '../../base/xml.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { hole } from '../../secrets/holes.ts';
import { fencingSecret } from '../../secrets/pacemaker-values.ts';
import { primitive } from './elements.ts';

type Device = Exclude<NonNullable<NonNullable<Cluster['options']['pacemaker']>['fencing']>, string>[number];

/** The blueprint's fencing devices; none where it says so. */
export function devicesOf({ options }: Cluster): readonly Device[] {
  const { fencing = 'none' } = options.pacemaker ?? {};
  return typeof fencing === 'string' ? [] : fencing;
}

/** Their resources. Passwords are holes, and so only in a file of root's and in the CIB, which root and hacluster read. */
export function fencingDevices(cluster: Cluster): XmlElement[] {
  return devicesOf(cluster).map(({ name, agent, nodes, parameters = {}, secrets = [] }) =>
    primitive({
      id: name,
      agent: `stonith:${agent}`,
      parameters: {
        pcmk_host_list: nodes.join(' '),
        pcmk_host_check: 'static-list',
        ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
        ...Object.fromEntries(secrets.map((key) => [key, hole('fencing', fencingSecret(name, key))])),
      },
      operations: { start: 60, stop: 20, monitor: { interval: 300, timeout: 60 } },
    }),
  );
}

/** A device is not watched by the only node that it can switch off: nobody would know that it does not answer. */
export function fencingPlaces(cluster: Cluster): XmlElement[] {
  return devicesOf(cluster).flatMap(({ name, nodes: [node, ...others] }) => {
    if (node === undefined || others.length > 0) return [];
    return [xml('rsc_location', { id: `${name}-not-on-${node}`, rsc: name, node, score: '-INFINITY' })];
  });
}
