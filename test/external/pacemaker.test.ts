/**
 * Three real members of corosync and Pacemaker from what is generated, each in a namespace of its own: what the programs
 * refuse, the resource script against a real CIB, and a virtual IP that follows the API. Needs root, and Debian's corosync,
 * pacemaker, pacemaker-cli-utils and resource-agents. The API is imitated by a TLS server that answers /readyz.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { clusterOf } from '../support/cluster.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { ClusterMember, installPacemaker } from '../support/pacemaker-hosts.ts';
import { run } from '../support/programs.ts';
import { storeOf } from '../support/secrets.ts';

const VIP = '192.0.2.5';

const cluster = clusterOf(`
apiVersion: triskel/v1
name: moved
endpoint: { type: pacemaker, internal: '${VIP}:6443' }
network: { nodes: 192.0.2.0/24 }
os: { name: debian }
access: { users: [{ name: ops, sshKeys: [ssh-ed25519 AAAA] }] }
nodes:
  - { name: cp0, roles: [control-plane, etcd], address: 192.0.2.10 }
  - { name: cp1, roles: [control-plane, etcd], address: 192.0.2.11 }
  - { name: tie0, roles: [etcd], address: 192.0.2.12 }
components:
  corosync: { tieBreakers: [tie0], tokenMilliseconds: 1000 }
  pacemaker: { fencing: none, monitorSeconds: 5 }
`);

const waitFor = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 50_000, interval: 500 });

describe.each([
  { tree: 'output/celtas', node: 'morrigan', address: '10.0.0.43' },
  { tree: 'output/k3s-corosync', node: 'master2', address: '192.168.56.3' },
  { tree: 'test/golden/expected/pacemaker', node: 'cp0', address: '192.0.2.10' },
  { tree: 'test/golden/expected/pacemaker-qdevice', node: 'master1', address: '192.0.2.10' },
])('what is committed in $tree', ({ tree, node, address }) => {
  const folder = `${tree}/nodes/${node}/files/etc`;
  const place = mkdtempSync(join(tmpdir(), 'triskel-pacemaker-'));
  afterAll(() => rmSync(place, { recursive: true }));

  it('is taken by corosync', () => {
    const key = join(place, 'authkey');
    writeFileSync(key, 'a key of the length that corosync asks for '.repeat(6));
    const conf = readFileSync(`${folder}/corosync/corosync.conf`, 'utf8').replace('/etc/corosync/authkey', key);
    writeFileSync(join(place, 'corosync.conf'), conf);
    // corosync looks for itself among the members.
    const line = `ip link set lo up && ip address add ${address}/24 dev lo && exec corosync -t -c "$0"`;
    expect(run('unshare', ['--net', 'sh', '-c', line, join(place, 'corosync.conf')]).code).toBe(0);
  });

  it('is taken by Pacemaker', () => {
    const env = { CIB_file: join(place, 'cib.xml') };
    writeFileSync(env.CIB_file, run('cibadmin', ['--empty']).output);
    const write = ['--modify', '--allow-create', '--xml-file', `${folder}/triskel/pacemaker.xml`];
    expect(run('cibadmin', write, { env })).toEqual({ code: 0, output: '' });
    expect(run('crm_verify', ['--live-check', '--verbose'], { env })).toEqual({ code: 0, output: '' });
  });
});

describe('three members of corosync and Pacemaker', () => {
  let lab: Lab;
  let store: Store;
  let members: ClusterMember[];
  let cp0: ClusterMember, cp1: ClusterMember, tie0: ClusterMember;
  const holders = (): string[] => members.filter((member) => member.has(VIP)).map(({ host }) => host.name);
  const startApi = (member: ClusterMember): void => {
    const fill = fillFrom(store);
    const part = (name: string): string => fill({ name: `apiserver.${member.host.name}`, part: name }) ?? '';
    member.startApi(part('cert'), part('key'));
  };

  beforeAll(async () => {
    store = await storeOf(secretsOf(cluster), new Date());
    const hosts = cluster.nodes.map((node) => ({ name: node.name, cidr: `${node.addresses[0].text}/24` }));
    lab = startLab('pcmk', hosts);
    cluster.nodes.forEach((node, index) => installPacemaker(cluster, node, lab.hosts[index]!, store));
    members = cluster.nodes.map((node, index) => new ClusterMember(lab.hosts[index]!, node.addresses[0].text));
    [cp0, cp1, tie0] = members as [ClusterMember, ClusterMember, ClusterMember];
  });
  afterAll(() => lab.stop());

  /** corosync's verdict on its configuration with something else in it. */
  const tried = (member: ClusterMember, change: (conf: string) => string): string => {
    const conf = readFileSync(join(member.host.root, '/etc/corosync/corosync.conf'), 'utf8');
    const file = join(member.host.root, '/etc/corosync/tried.conf');
    writeFileSync(file, change(conf).replace('to_stderr: no', 'to_stderr: yes'));
    return member.ask('corosync -t -c /etc/corosync/tried.conf; echo "code $?"');
  };

  it('corosync takes its configuration on every member, and refuses what is wrong', () => {
    for (const member of members) expect(tried(member, (conf) => conf)).toContain('code 0');
    expect(tried(cp0, (conf) => conf.replace('aes256', 'rot13'))).not.toContain('code 0');
    expect(tried(cp0, (conf) => conf.replaceAll('192.0.2.10', '192.0.2.99'))).toBe('code 8');
    expect(tried(cp0, (conf) => conf.replace('/etc/corosync/authkey', '/etc/hostname'))).not.toContain('code 0');
  });

  it('crm_verify takes the resources, and refuses what is wrong', () => {
    const xml = readFileSync(join(cp0.host.root, '/etc/triskel/pacemaker.xml'), 'utf8');
    const verify = (text: string): string => {
      writeFileSync(join(cp0.host.root, '/etc/triskel/tried.xml'), text);
      return cp0.ask(`export CIB_file=/etc/triskel/tried.cib; rm -f "$CIB_file"*; cibadmin --empty >"$CIB_file"
        cibadmin --modify --allow-create --xml-file /etc/triskel/tried.xml; crm_verify --live-check --verbose; echo "code $?"`);
    };
    expect(verify(xml)).toBe('code 0');
    expect(verify(xml.replace('stonith-enabled" value="false"', 'stonith-enabled" value="true"'))).not.toContain(
      'code 0',
    );
    expect(verify(xml.replace('with-rsc="APIHealth-clone"', 'with-rsc="nobody"'))).not.toContain('code 0');
  });

  it('the members find each other, and the one with the lowest ID writes the resources', async () => {
    await Promise.all(members.map((member) => member.boot()));
    await Promise.all(members.map((member) => member.writeResources()));
    expect(cp0.said).toContain('the resources of revision 1 are written');
    for (const member of [cp1, tie0]) expect(member.said).toContain('the resources are those of this node');
    expect(cp0.ask('corosync-quorumtool -s')).toMatch(/Quorate: +Yes/);
    expect(
      cp0.ask('corosync-cmapctl -g runtime.config.totem.crypto_cipher || corosync-cmapctl | grep crypto'),
    ).toContain('aes256');
  });

  it('written again, they are the same, also by somebody who takes them for unwritten', async () => {
    const configuration = (): string =>
      cp0.ask('cibadmin --query --scope configuration; cibadmin --query | head -n 1 | grep -o " epoch=[^ ]*"');
    await cp1.writeResources();
    const before = configuration();
    await cp1.writeResources();
    expect(configuration()).toBe(before);
    cp0.ask('crm_attribute --type crm_config --name triskel-set --delete');
    await cp1.writeResources(1, 0);
    const epochless = (text: string): string => text.replace(/epoch="\d+"/, '');
    expect(epochless(configuration())).toBe(epochless(before));
  });

  it('leaves what the operator has added, and resources of a higher revision', async () => {
    cp0.ask('crm_attribute --type crm_config --name maintenance-mode --update false');
    cp0.ask('crm_attribute --type crm_config --name triskel-set --update 2-ffff');
    await cp0.writeResources();
    expect(cp0.said).toContain('resources of revision 2 are there, newer than 1 of this node');
    await cp0.writeResources(3);
    expect(cp0.ask('crm_attribute --type crm_config --name maintenance-mode --query --quiet')).toBe('false');
    expect(cp0.ask('crm_attribute --type crm_config --name triskel-set --query --quiet')).toMatch(/^3-/);
  });

  it('nobody has the virtual IP while no API is ready, nor where one answers with another CA', async () => {
    const other = fillFrom(await storeOf(secretsOf(cluster), new Date()));
    const part = (name: string): string => other({ name: 'apiserver.cp0', part: name }) ?? '';
    cp0.startApi(part('cert'), part('key'));
    await waitFor(() => expect(cp0.ask('crm_mon -1 -A')).toMatch(/triskel-api\s+: 0/));
    expect(holders()).toEqual([]);
    cp0.stopApi();
  });

  it('the virtual IP comes to where the API is ready, and leaves with it', async () => {
    startApi(cp1);
    await waitFor(() => expect(holders()).toEqual(['cp1']));
    startApi(cp0);
    cp1.stopApi();
    await waitFor(() => expect(holders()).toEqual(['cp0']));
    startApi(cp1);
  });

  it('all on standby and all back at once works', async () => {
    for (const name of ['cp0', 'cp1', 'tie0']) cp0.ask(`crm_attribute --node ${name} --name standby --update on`);
    await waitFor(() => expect(holders()).toEqual([]));
    for (const name of ['cp0', 'cp1', 'tie0']) cp0.ask(`crm_attribute --node ${name} --name standby --delete`);
    await waitFor(() => expect(holders()).toEqual(['cp0']));
    expect(cp0.ask('crm_mon -1')).not.toMatch(/tie0 \)|Failed/);
  });

  it('a holder that is cut off gives the virtual IP up, and another one takes it', async () => {
    cp0.host.cut();
    await waitFor(() => expect(holders()).toEqual(['cp1']));
    cp0.host.heal();
    await waitFor(() => expect(cp0.ask('corosync-quorumtool -s')).toMatch(/Quorate: +Yes/));
    expect(holders()).toEqual(['cp1']);
  });
});
