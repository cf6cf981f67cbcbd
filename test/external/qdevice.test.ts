/**
 * Two real members with a real quorum device: a corosync-qnetd elsewhere, certificates as docs/pacemaker.md says they are
 * made. Needs root, and Debian's corosync, corosync-qdevice and corosync-qnetd.
 */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { enterValue } from '../../generator/secrets/enter.ts';
import { clusterOf } from '../support/cluster.ts';
import { startLab, type Host, type Lab } from '../support/namespaces.ts';
import { ClusterMember, installPacemaker } from '../support/pacemaker-hosts.ts';
import { must, storeOf } from '../support/secrets.ts';

const HOSTS = [
  { name: 'cp0', cidr: '192.0.2.10/24' },
  { name: 'cp1', cidr: '192.0.2.11/24' },
  { name: 'qnetd', cidr: '192.0.2.60/24' },
];

const blueprint = (ca: string): string => `
apiVersion: triskel/v1
name: halves
endpoint: { type: pacemaker, internal: '192.0.2.5:6443' }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: cp0, roles: [control-plane], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane], address: 192.0.2.11 }
components:
  corosync: { tokenMilliseconds: 1000, qdevice: { host: 192.0.2.60, ca: ${JSON.stringify(ca)} } }
  pacemaker: { fencing: none }
`;

const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 50_000, interval: 500 });

let lab: Lab;
let cp0: ClusterMember, cp1: ClusterMember;
let qnetd: Host;
let devices: ChildProcess[] = [];

beforeAll(async () => {
  lab = startLab('qdev', HOSTS);
  const [first, second, device] = lab.hosts as [Host, Host, Host];
  qnetd = device;
  qnetd.run(`mount -t tmpfs tmpfs /run && mkdir -p /run/corosync-qnetd && rm -rf /etc/corosync/qnetd/nssdb /etc/corosync/qdevice/net
    corosync-qnetd-certutil -i
    corosync-qdevice-net-certutil -i -c /etc/corosync/qnetd/nssdb/qnetd-cacert.crt
    corosync-qdevice-net-certutil -r -n halves
    corosync-qnetd-certutil -s -c /etc/corosync/qdevice/net/nssdb/qdevice-net-node.crq -n halves
    corosync-qdevice-net-certutil -M -c /etc/corosync/qnetd/nssdb/cluster-halves.crt`);
  // What corosync-qnetd exports has text before the PEM, and carriage returns in it.
  const cluster = clusterOf(blueprint(qnetd.run('openssl x509 -in /etc/corosync/qnetd/nssdb/qnetd-cacert.crt')));
  const client = qnetd.run('base64 -w0 /etc/corosync/qdevice/net/nssdb/qdevice-net-node.p12');
  const spec = secretsOf(cluster);
  const store = must(enterValue(spec, await storeOf(spec, new Date()), 'qdevice/client', client));
  [cp0, cp1] = cluster.nodes.map((node, index) => {
    const host = [first, second][index]!;
    installPacemaker(cluster, node, host, store);
    host.run('rm -rf /etc/corosync/qdevice/net; mkdir -p /run/corosync-qdevice');
    return new ClusterMember(host, node.addresses[0].text);
  }) as [ClusterMember, ClusterMember];
});
afterAll(() => lab.stop());

const CERTIFICATES =
  '/opt/triskel/qdevice-certificates /etc/triskel/qnetd-ca.crt /etc/triskel/qdevice-client.p12.base64';

test('the certificates are put into the database, once', () => {
  for (const { host } of [cp0, cp1]) {
    host.run(CERTIFICATES);
    expect(host.run('certutil -L -d /etc/corosync/qdevice/net/nssdb')).toMatch(
      /QNet CA[\s\S]*Cluster Cert|Cluster Cert[\s\S]*QNet CA/,
    );
    host.run('touch /etc/corosync/qdevice/net/nssdb/mark');
    host.run(CERTIFICATES);
    expect(host.run('ls /etc/corosync/qdevice/net/nssdb')).toContain('mark');
  }
});

test('and again when they have changed', () => {
  cp0.host.run('echo >>/etc/triskel/qnetd-ca.crt');
  cp0.host.run(CERTIFICATES);
  expect(cp0.host.run('ls /etc/corosync/qdevice/net/nssdb')).not.toContain('mark');
});

test('two members and the device have three votes, and the device alone makes one of two halves a majority', async () => {
  qnetd.start('corosync-qnetd', ['-f']);
  await Promise.all([cp0.boot(), cp1.boot()]);
  devices = [cp0, cp1].map(({ host }) => host.start('corosync-qdevice', ['-f']));
  await waitFor(() => expect(cp1.ask('corosync-quorumtool -s')).toMatch(/Total votes: +3[\s\S]*Qdevice/));
  cp0.host.cut();
  await waitFor(() => expect(cp1.ask('corosync-quorumtool -s')).toMatch(/Quorate: +Yes[\s\S]*Total votes: +2/));
  await waitFor(() => expect(cp0.ask('corosync-quorumtool -s || true')).toMatch(/Quorate: +No/));
});

test('without the cluster’s certificate corosync-qnetd takes nobody in', async () => {
  cp0.host.heal();
  const status = (): string => cp1.ask('corosync-qdevice-tool -s || true');
  expect(status()).toMatch(/State:\s+Connected/);
  devices[1]?.kill('SIGKILL');
  cp1.host.run('certutil -D -d /etc/corosync/qdevice/net/nssdb -n "Cluster Cert"');
  let said = '';
  cp1.host.start('corosync-qdevice', ['-f', '-d']).stderr?.on('data', (data: Buffer) => (said += data.toString()));
  await waitFor(() => expect(said).toContain('Disconnecting from server'));
  expect(status()).not.toMatch(/State:\s+Connected/);
});
