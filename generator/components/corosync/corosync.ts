import type { Cluster } from '../../cluster/cluster.ts';
import { corosyncMembers, isCorosyncMember, type CorosyncMember } from '../../cluster/corosync.ts';
import type { PlanItem, PortSource } from '../../nodeplan/items.ts';
import { hole } from '../../secrets/holes.ts';
import type { Component } from '../component.ts';
import { TRISKEL } from '../node-paths.ts';
import { checkMembers } from './check.ts';
import conf from './corosync.conf.ejs';
import qdeviceCertificates from './qdevice-certificates.sh';
import waitForAddresses from './wait-for-addresses.sh';

const CONFIG = '/etc/corosync/corosync.conf';
const AUTHKEY = '/etc/corosync/authkey';
const QNETD_CA = '/etc/triskel/qnetd-ca.crt';
const QDEVICE_CLIENT = '/etc/triskel/qdevice-client.p12.base64';
const QNETD_PORT = 5403;

/** corosync 3: who is there and who has the quorum, over knet links that are encrypted (corosync.conf(5)). */
export const corosync: Component = {
  name: 'corosync',
  check: checkMembers,
  plan(cluster, node) {
    if (!isCorosyncMember(cluster, node)) return [];
    const restarts = [{ kind: 'unit', name: 'corosync.service' }] as const;
    const addresses = node.addresses.map(({ text }) => text);
    return [
      { kind: 'package', name: 'pacemaker' },
      { kind: 'file', path: CONFIG, mode: 0o644, content: corosyncConf(cluster), restarts },
      // corosync takes a key file as it is, 128 to 4,096 bytes of anything (exec/totemconfig.c, read_keyfile).
      { kind: 'file', path: AUTHKEY, mode: 0o600, content: `${hole('corosync', 'authkey')}\n`, restarts },
      { kind: 'file', path: `${TRISKEL}/wait-for-addresses`, mode: 0o755, content: waitForAddresses },
      {
        kind: 'drop-in',
        unit: 'corosync.service',
        name: '10-triskel.conf',
        content: `${startsAfter(`${TRISKEL}/wait-for-addresses ${addresses.join(' ')}`)}${STARTS_AGAIN}`,
      },
      { kind: 'unit', name: 'corosync.service', enabled: true },
      { kind: 'phase', phase: 'membership', unit: 'corosync.service' },
      ...ports(cluster),
      ...qdevice(cluster),
    ];
  },
};

/**
 * Debian's and RHEL's units of corosync do not restart it. Without it Pacemaker waits for it and leaves the virtual IP where it
 * is, while the other nodes have taken it, too; once it is back, Pacemaker takes the address off. Always, for a Pacemaker that
 * gives up asks it to end, which is no failure.
 */
const STARTS_AGAIN = 'Restart=always\nRestartSec=1\n';

/** What a unit of the system runs before it starts, for as long as that takes. */
function startsAfter(command: string): string {
  return `[Service]\nExecStartPre=${command}\nTimeoutStartSec=infinity\n`;
}

function corosyncConf(cluster: Cluster): string {
  const { tokenMilliseconds = 3000, qdevice: device } = cluster.options.corosync ?? {};
  const members = corosyncMembers(cluster);
  const even = members.length % 2 === 0;
  return conf({
    cluster: cluster.name,
    keyFile: AUTHKEY,
    token: tokenMilliseconds,
    links: linkPorts(cluster).map((port, number) => ({ number, port })),
    members: members.map(({ node, id }) => ({
      name: node.name,
      id,
      addresses: node.addresses.map(({ text }) => text),
    })),
    // A quorum device and two_node exclude each other (votequorum(5)).
    twoNode: members.length === 2 && device === undefined,
    qdevice: device === undefined ? '' : { algorithm: even ? 'ffsplit' : 'lms', port: QNETD_PORT, ...device },
  });
}

/** One link for each family of the nodes' addresses, each at a port of its own. */
function linkPorts(cluster: Cluster): number[] {
  const { port = 5405 } = cluster.options.corosync ?? {};
  return cluster.network.nodes.map((_, link) => port + link);
}

function ports(cluster: Cluster): PlanItem[] {
  const sources = new Set(corosyncMembers(cluster).map(sourceOf));
  return linkPorts(cluster).flatMap((port) =>
    [...sources].map((from) => ({ kind: 'port', protocol: 'udp', port, purpose: 'corosync', from }) as const),
  );
}

/** The narrowest of the port matrix's groups that the member is in. */
function sourceOf({ node: { roles } }: CorosyncMember): PortSource {
  const groups = ['control-plane', 'load-balancer', 'storage', 'etcd'] as const;
  return groups.find((group) => roles.includes(group)) ?? 'nodes';
}

/** The quorum device's client: it knows the daemon's CA, and has the certificate that the daemon's CA signed for the cluster. */
function qdevice(cluster: Cluster): PlanItem[] {
  const device = cluster.options.corosync?.qdevice;
  if (device === undefined) return [];
  const unit = 'corosync-qdevice.service';
  const restarts = [{ kind: 'unit', name: unit }] as const;
  return [
    { kind: 'package', name: 'corosync-qdevice' },
    { kind: 'file', path: QNETD_CA, mode: 0o644, content: `${device.ca.trimEnd()}\n`, restarts },
    { kind: 'file', path: QDEVICE_CLIENT, mode: 0o600, content: `${hole('qdevice', 'client')}\n`, restarts },
    { kind: 'file', path: `${TRISKEL}/qdevice-certificates`, mode: 0o755, content: qdeviceCertificates },
    {
      kind: 'drop-in',
      unit,
      name: '10-triskel.conf',
      content: startsAfter(`${TRISKEL}/qdevice-certificates ${QNETD_CA} ${QDEVICE_CLIENT}`),
    },
    { kind: 'unit', name: unit, enabled: true },
    { kind: 'phase', phase: 'membership', unit },
  ];
}
