/**
 * Who begins a k3s cluster, for real: three machines in network namespaces with the generated files and the script that runs
 * before k3s; in k3s' place a stand-in that serves with certificates of the generated CA. Every machine's cluster has an id, so
 * that a second cluster is seen.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterNode } from '../../generator/cluster/cluster.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { clusterOf } from '../support/cluster.ts';
import { K3sServer } from '../support/k3s-server.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { storeOf } from '../support/secrets.ts';

const VIP = '192.0.2.5';
const cluster = clusterOf(`
apiVersion: triskel/v1
name: who-begins
kubernetes: { version: 1.36.3 }
controlPlane: { runs: k3s }
endpoint: { type: external, internal: '${VIP}:6443' }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
components: { k3s: { initialWait: 10 } }
nodes:
  - { name: s1, roles: [control-plane], address: 192.0.2.11 }
  - { name: s2, roles: [control-plane], address: 192.0.2.12 }
  - { name: s3, roles: [control-plane], address: 192.0.2.13 }
`);
const LONG = { timeout: 45_000, interval: 200 };

describe('three k3s servers', () => {
  let lab: Lab;
  let servers: K3sServer[];
  let s1: K3sServer, s2: K3sServer, s3: K3sServer;

  beforeAll(async () => {
    const store = await storeOf(secretsOf(cluster), new Date());
    lab = startLab(
      'k3s',
      cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` })),
    );
    servers = cluster.nodes.map((node: ClusterNode, index) => new K3sServer(cluster, node, lab.hosts[index]!, store));
    [s1, s2, s3] = servers as [K3sServer, K3sServer, K3sServer];
  });

  afterEach(() => {
    expect(servers.map((server) => server.standsAlone)).toEqual([false, false, false]);
  });

  afterAll(() => {
    for (const server of servers) server.kill();
    lab.stop();
  });

  const says = (server: K3sServer, text: string): Promise<void> => expect.poll(() => server.said, LONG).toContain(text);
  const oneCluster = async (): Promise<void> => {
    const clusters = (): string[] => [...new Set(servers.map((server) => server.cluster ?? 'none'))];
    await expect.poll(() => clusters().length === 1 && clusters()[0] !== 'none', LONG).toBe(true);
  };

  it('the first one begins nothing while it is cut off, however long', async () => {
    lab.hosts[0]!.cut();
    s1.boot();
    await says(s1, "0 of 1 other servers' machines that a new cluster needs are up");
    await new Promise((done) => setTimeout(done, 12_000));
    expect(s1.cluster).toBeUndefined();
    s1.kill();
    lab.hosts[0]!.heal();
  });

  it('the others wait for a first one that is late, and say so', async () => {
    s2.boot();
    s3.boot();
    await says(s2, 'no server of the cluster answers: s1 begins it');
    await says(s3, 'touch /etc/triskel/k3s-begin on one server');
    expect([s2.cluster, s3.cluster]).toEqual([undefined, undefined]);
  });

  it('the first one begins the cluster after its wait, and the others join it', async () => {
    s1.boot();
    await says(s1, 'begins it after 10 s of that');
    await says(s1, 'has answered for 10 s: begins the cluster');
    await oneCluster();
    await says(s2, 'joins through https://192.0.2.11:6443');
  });

  it('all of them start again with their data, without asking anybody', async () => {
    const before = s1.cluster;
    for (const server of servers) server.kill();
    for (const server of servers) server.boot();
    await says(s1, 'data are there: k3s starts with them');
    await says(s3, 'data are there: k3s starts with them');
    expect(new Set(servers.map((server) => server.cluster))).toEqual(new Set([before]));
    for (const server of servers) await expect.poll(() => server.answers, LONG).toBe(true);
  });

  it('the first one joins when its disk is new, through the endpoint where that answers', async () => {
    const before = s2.cluster;
    lab.hosts[2]!.run(`ip address add ${VIP}/32 dev eth0`);
    s1.kill();
    s1.wipe();
    s1.boot();
    await says(s1, `no data: joins through https://${VIP}:6443`);
    await oneCluster();
    expect(s1.cluster).toBe(before);
  });

  it('the first one waits for servers that are there and not ready', async () => {
    s1.kill();
    s1.wipe();
    for (const server of [s2, s3]) server.put('/etc/triskel/not-ready');
    s1.boot();
    await says(s1, 'is a server of the cluster that is not ready yet');
    await new Promise((done) => setTimeout(done, 12_000));
    expect(s1.cluster).toBeUndefined();
    for (const server of [s2, s3]) server.host.run('rm /etc/triskel/not-ready');
    await oneCluster();
  });

  it('a replacement never begins a cluster, not even where no server runs', async () => {
    const before = s2.cluster;
    for (const server of servers) server.kill();
    s1.wipe();
    s1.put('/etc/triskel/etcd-replacement');
    s1.boot();
    await says(s1, 'this node replaces a server and joins, and no server of the cluster answers');
    await new Promise((done) => setTimeout(done, 12_000));
    expect(s1.cluster).toBeUndefined();
    s2.boot();
    s3.boot();
    await oneCluster();
    expect(s1.cluster).toBe(before);
  });

  it('a server that was removed joins again, and begins nothing', async () => {
    const before = s2.cluster;
    s1.kill();
    s1.host.run('touch /var/lib/rancher/k3s/server/db/etcd/tombstone; rm -f /etc/triskel/etcd-replacement');
    s1.boot();
    await says(s1, 'no data: joins through');
    await oneCluster();
    expect(s1.cluster).toBe(before);
  });

  it('an endpoint with another CA is left aside, and told no password', async () => {
    lab.hosts[2]!.run(`ip address delete ${VIP}/32 dev eth0`);
    s3.kill();
    lab.hosts[2]!.run(
      `ip address add ${VIP}/32 dev eth0; cd /run/triskel && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=k3s -addext subjectAltName=IP:${VIP} -keyout other.key -out other.crt 2>/dev/null`,
    );
    const foreign = [
      'import http.server, ssl',
      `server = http.server.HTTPServer(("${VIP}", 6443), http.server.SimpleHTTPRequestHandler)`,
      'context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)',
      'context.load_cert_chain("/run/triskel/other.crt", "/run/triskel/other.key")',
      'server.socket = context.wrap_socket(server.socket, server_side=True)',
      'server.serve_forever()',
    ];
    const heard = lab.hosts[2]!.start('python3', ['-c', foreign.join('\n')]);
    let received = '';
    heard.stderr?.on('data', (data: Buffer) => (received += data.toString()));
    s1.kill();
    s1.wipe();
    s2.kill();
    s1.boot();
    await says(s1, `https://${VIP}:6443 answers with a certificate of another CA and is left aside.`);
    s2.boot();
    await says(s1, 'joins through https://192.0.2.12:6443');
    await expect.poll(() => s1.cluster, LONG).toBe(s2.cluster);
    heard.kill('SIGKILL');
    expect(received).not.toContain('GET ');
  });

  it('an etcd member of the same name is told, with what to do', async () => {
    s1.kill();
    s1.wipe();
    s1.put('/opt/stand-in/journalctl', '#!/bin/sh\necho "ETCD join failed: duplicate node name found"\n', '755');
    s1.boot();
    await says(s1, 'the cluster has an etcd member of s1 already, and does not take another: kubectl delete node s1');
    s1.kill();
    s1.host.run('rm /opt/stand-in/journalctl');
  });

  it('another one begins where the operator lets it, once', async () => {
    for (const server of servers) {
      server.kill();
      server.wipe();
    }
    s2.boot();
    await says(s2, 's1 begins it');
    s2.put('/etc/triskel/k3s-begin');
    await says(s2, 'begins the cluster');
    await expect.poll(() => s2.cluster, LONG).toBeDefined();
    expect(s2.host.run('ls /etc/triskel')).not.toContain('k3s-begin');
    s1.boot();
    s3.boot();
    await oneCluster();
  });
});
