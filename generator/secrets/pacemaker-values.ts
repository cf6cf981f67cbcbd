import type { Cluster } from '../cluster/cluster.ts';
import { pacemakerVirtualIp } from '../cluster/corosync.ts';
import type { ValueSpec } from './specs.ts';

/** Characters that mean nothing between the quotation marks of an XML attribute. */
const ATTRIBUTE = "^[ !#-%'-;=?-~]+$";
const BASE64 = '^[A-Za-z0-9+/]+={0,2}$';

/** corosync's key, the client certificate for a quorum device, and what fencing devices ask for. */
export function pacemakerValues(cluster: Cluster): ValueSpec[] {
  if (pacemakerVirtualIp(cluster) === undefined) return [];
  const { fencing = 'none' } = cluster.options.pacemaker ?? {};
  const devices = typeof fencing === 'string' ? [] : fencing;
  return [
    {
      name: 'corosync',
      part: 'authkey',
      from: 'generated',
      title: 'key that corosync’s members share',
      bytes: 192,
      maxLength: 256,
    },
    ...(cluster.options.corosync?.qdevice === undefined
      ? []
      : [
          {
            name: 'qdevice',
            part: 'client',
            from: 'operator',
            title: 'base64 of qdevice-net-node.p12, the cluster’s certificate for corosync-qnetd',
            maxLength: 8192,
            pattern: BASE64,
          } as const,
        ]),
    ...devices.flatMap(({ name, secrets = [] }) =>
      secrets.map((parameter): ValueSpec => ({
        name: 'fencing',
        part: fencingSecret(name, parameter),
        from: 'operator',
        title: `${parameter} of the fencing device ${name}`,
        maxLength: 256,
        pattern: ATTRIBUTE,
      })),
    ),
  ];
}

/** The part of the secret `fencing` that is this parameter of the device; holes have no underscores. */
export function fencingSecret(device: string, parameter: string): string {
  return `${device}.${parameter.replaceAll('_', '-')}`;
}
