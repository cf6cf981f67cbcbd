/**
 * Three real etcd members, started by the generated guard from the generated certificates and arguments, over TLS.
 * Debian's etcd is 3.5, so that the blueprint is a twin of the others on a Kubernetes that pairs with 3.5.
 * The whole runs three times: on nodes that have IPv4 alone, on nodes that have IPv6 alone, and with etcd as a unit.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostPort } from '../../generator/base/networks.ts';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { kubeApiserver } from '../../generator/components/kube-apiserver/kube-apiserver.ts';
import { clusterOf } from '../support/cluster.ts';
import { EtcdMember, installEtcd } from '../support/etcd-hosts.ts';
import { installItems } from '../support/host-files.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const ETCD = process.env['TRISKEL_ETCD'] ?? '';

const blueprint = (runs: string, network: string, address: (n: number) => string): string => `
apiVersion: triskel/v1
name: twin
kubernetes: { version: 1.33.13 }
controlPlane: { runs: ${runs} }
endpoint: { type: external, internal: api.example.org:6443 }
network: { nodes: ${network} }
components: { etcd: { extraArguments: { auto-compaction-retention: 8h, experimental-enable-lease-checkpoint: true } } }
nodes:
  - { name: cp0, roles: [control-plane], address: ${address(10)} }
  - { name: cp1, roles: [control-plane], address: ${address(11)} }
  - { name: cp2, roles: [control-plane], address: ${address(12)} }
`;

const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 500 });
const urlOf = (node: ClusterNode): string => `https://${hostPort(node.addresses[0].text, 2379)}`;

describe.skipIf(ETCD === '').each([
  {
    lab: 'etcd',
    runs: 'static-pods',
    family: 'IPv4',
    network: '192.0.2.0/24',
    address: (n: number) => `192.0.2.${String(n)}`,
  },
  {
    lab: 'etcd6',
    runs: 'static-pods',
    family: 'IPv6',
    network: '2001:db8::/64',
    address: (n: number) => `2001:db8::${String(n)}`,
  },
  {
    lab: 'etcdu',
    runs: 'systemd',
    family: 'IPv4',
    network: '192.0.2.0/24',
    address: (n: number) => `192.0.2.${String(n)}`,
  },
])('three etcd members behind their guards, $runs, $family (TRISKEL_ETCD names the etcd to run)', (family) => {
  const cluster = clusterOf(blueprint(family.runs, family.network, family.address));
  const [node0, node1, node2] = cluster.etcdNodes as [ClusterNode, ClusterNode, ClusterNode];
  let lab: Lab;
  let cp0: EtcdMember, cp1: EtcdMember, cp2: EtcdMember;

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      family.lab,
      cluster.etcdNodes.map((node) => ({ name: node.name, cidr: node.addresses[0].text + family.network.slice(-3) })),
    );
    cluster.etcdNodes.forEach((node, index) => installEtcd(cluster, node, lab.hosts[index]!, store));
    installItems(kubeApiserver.plan?.(cluster, node0) ?? [], lab.hosts[0]!, store);
    [cp0, cp1, cp2] = lab.hosts.map((host) => new EtcdMember(host, ETCD)) as [EtcdMember, EtcdMember, EtcdMember];
  });

  afterAll(() => {
    for (const member of [cp0, cp1, cp2]) member.kill();
    lab.stop();
  });

  /** What the API server's unit waits for, which static pods have not; at most three seconds of it. */
  const awaitsEtcd = (): string => lab.hosts[0]!.run('timeout 3 /opt/triskel/await-etcd >/dev/null; echo $?').trim();
  const isUnit = family.runs === 'systemd';

  // A member that is up answers `is healthy`; until then etcdctl fails, and the check is made again.
  const healthy =
    (member: EtcdMember, node: ClusterNode): (() => void) =>
    () => {
      expect(member.etcdctl(urlOf(node), 'endpoint health')).toContain('is healthy');
    };

  it('does not start a cluster of one: no peer is up', async () => {
    lab.hosts[1]!.cut();
    lab.hosts[2]!.cut();
    cp0.boot();
    await expect.poll(() => cp0.said, { timeout: 30_000 }).toContain('0 of 1 peers that a new cluster needs are up');
    expect(cp0.runs).toBe(false);
    if (isUnit) expect(awaitsEtcd()).toBe('124');
    lab.hosts[1]!.heal();
  });

  it('forms a cluster of two as soon as a second machine is up, and takes writes', async () => {
    cp1.boot();
    await expect.poll(() => cp0.runs && cp1.runs, { timeout: 60_000 }).toBe(true);
    await waitFor(healthy(cp0, node0));
    expect(cp0.etcdctl(urlOf(node0), 'put first 1')).toContain('OK');
    if (isUnit) expect(awaitsEtcd()).toBe('0');
  });

  it('lets the third, a late one, in: it was never started', async () => {
    lab.hosts[2]!.heal();
    cp2.boot();
    await waitFor(healthy(cp2, node2));
    expect(cp2.etcdctl(urlOf(node2), 'get first --print-value-only').trim()).toBe('1');
  });

  it('refuses a client without a certificate', () => {
    expect(lab.hosts[0]!.run(`curl -sk --max-time 3 ${urlOf(node1)}/health || echo refused`)).toContain('refused');
  });

  it('goes on with one member killed', () => {
    cp2.kill();
    expect(cp0.etcdctl(urlOf(node0), 'put second 2')).toContain('OK');
    expect(cp1.etcdctl(urlOf(node1), 'get second --print-value-only').trim()).toBe('2');
  });

  it('starts again with its data', async () => {
    cp2.boot();
    await waitFor(healthy(cp2, node2));
    expect(cp2.etcdctl(urlOf(node2), 'get second --print-value-only').trim()).toBe('2');
  });

  it('keeps an empty member off while its peers have formed', async () => {
    cp2.kill();
    cp2.wipe();
    cp2.said = '';
    cp2.boot();
    await expect.poll(() => cp2.said, { timeout: 30_000 }).toContain('has cp2 as a started member: etcd stays off');
    expect(cp2.runs).toBe(false);
  });

  it('keeps an empty member off that is cut off and marked as a replacement', async () => {
    cp2.kill();
    cp2.wipe();
    cp2.said = '';
    lab.hosts[2]!.run('touch /etc/triskel/etcd-replacement');
    lab.hosts[2]!.cut();
    cp2.boot();
    await expect.poll(() => cp2.said, { timeout: 60_000 }).toContain('no peer expects it yet: etcd stays off');
    expect(cp2.runs).toBe(false);
    lab.hosts[2]!.heal();
  });

  it('starts the replacement as the member that its peers expect, with the data of the cluster', async () => {
    const id = /^([0-9a-f]+), started, cp2,/m.exec(cp0.etcdctl(urlOf(node0), 'member list'))?.[1] ?? '';
    expect(cp0.etcdctl(urlOf(node0), `member remove ${id}`)).toContain('removed');
    expect(
      cp0.etcdctl(urlOf(node0), `member add cp2 --peer-urls=https://${hostPort(family.address(12), 2380)}`),
    ).toContain('added');
    await waitFor(healthy(cp2, node2));
    expect(cp2.said).toContain('--initial-cluster-state=existing');
    expect(cp2.etcdctl(urlOf(node2), 'get second --print-value-only').trim()).toBe('2');
  });

  it('replaces a member that has left before its machine was made anew, as `triskel upgrade` says', async () => {
    const id = /^([0-9a-f]+), started, cp2,/m.exec(cp0.etcdctl(urlOf(node0), 'member list'))?.[1] ?? '';
    // etcd changes its members only once all of them have been connected for five seconds.
    await waitFor(() => {
      expect(cp0.etcdctl(urlOf(node0), `member remove ${id}`)).toContain('removed');
    });
    cp2.kill();
    cp2.wipe();
    lab.hosts[2]!.run('rm /etc/triskel/etcd-replacement');
    cp2.said = '';
    cp2.boot();
    await expect.poll(() => cp2.said, { timeout: 30_000 }).toContain('does not know cp2: etcd stays off');
    lab.hosts[2]!.run('touch /etc/triskel/etcd-replacement');
    expect(
      cp0.etcdctl(urlOf(node0), `member add cp2 --peer-urls=https://${hostPort(family.address(12), 2380)}`),
    ).toContain('added');
    await waitFor(healthy(cp2, node2));
    expect(cp2.said).toContain('--initial-cluster-state=existing');
    expect(cp2.etcdctl(urlOf(node2), 'get second --print-value-only').trim()).toBe('2');
  });

  it('answers no writes without a quorum', () => {
    cp1.kill();
    cp2.kill();
    expect(() => cp0.etcdctl(urlOf(node0), 'put third 3')).toThrow();
    if (isUnit) expect(awaitsEtcd()).toBe('124');
  });
});
