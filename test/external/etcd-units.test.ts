/**
 * etcd as a unit of real machines: Debian's cloud-init, systemd and etcd 3.5, booted with what `generate` seals. Accounts,
 * sandbox, guard and host firewall are those of the payload. Needs root, namespaces of one's own, and the images of
 * generator/lab/image.sh.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { imagesFolder } from '../../generator/host/lab/folders.ts';
import type { Lab } from '../../generator/host/lab/lab.ts';
import type { Machine } from '../../generator/host/lab/machine.ts';
import { sealedPlans } from '../support/booted/payloads.ts';
import { startTestLab } from '../support/booted/test-lab.ts';
import { SSH_KEY } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';
const GATEWAY = '192.0.2.1';
const MEMBERS = [
  { name: 'etcd0', address: '192.0.2.20', version: '13', suite: 'trixie' },
  { name: 'etcd1', address: '192.0.2.21', version: '12', suite: 'bookworm' },
  { name: 'etcd2', address: '192.0.2.22', version: '13', suite: 'trixie' },
] as const;

vi.setConfig({ hookTimeout: 400_000, testTimeout: 180_000 });
const soon = { timeout: 120_000, interval: 1000 };

describe.skipIf(IMAGES === '')('etcd members of their own, as units (TRISKEL_IMAGES)', () => {
  let lab: Lab;
  let etcd0: Machine, etcd1: Machine, etcd2: Machine;

  const said = async (machine: Machine, line: string): Promise<string> =>
    (await machine.run('sh', '-c', line)).output.trim();
  /** What systemd says of the unit. */
  const state = (machine: Machine): Promise<string> => said(machine, 'systemctl show -P SubState etcd');
  const healthy = async (machine: Machine): Promise<number> =>
    (await said(machine, '/opt/bin/etcdctl endpoint health --cluster 2>&1')).match(/is healthy/g)?.length ?? 0;

  beforeAll(async () => {
    const started = await startTestLab('units', GATEWAY);
    lab = started.lab;
    const { mirror } = started;
    const blueprint = {
      apiVersion: 'triskel/v1',
      name: 'units',
      kubernetes: { version: '1.33.13' },
      controlPlane: { runs: 'systemd' },
      network: { nodes: '192.0.2.0/24' },
      os: { name: 'debian' },
      access: { users: [{ name: 'ops', sshKeys: [SSH_KEY] }] },
      firewall: { enabled: true },
      binaries: { mirror: `https://${GATEWAY}`, mirrorCa: mirror.ca },
      nodes: [
        { name: 'cp0', roles: ['control-plane'], address: '192.0.2.10' },
        ...MEMBERS.map(({ name, address, version }) => ({ name, roles: ['etcd'], address, os: { version } })),
      ],
    };
    const plans = await sealedPlans(blueprint, mirror);
    const machines: Machine[] = [];
    for (const { name, suite } of MEMBERS)
      machines.push(await lab.add({ name, image: join(imagesFolder(), suite), files: plans.get(name)!.seed }));
    [etcd0, etcd1, etcd2] = machines as [Machine, Machine, Machine];
    await Promise.all(
      machines.map(async (machine) => {
        await machine.start();
        await machine.cloudInit();
      }),
    );
  });
  afterAll(async () => {
    await lab.stop();
  });

  test('form a cluster, and every boot is complete', async () => {
    await expect.poll(() => healthy(etcd0), soon).toBe(3);
    for (const machine of [etcd0, etcd1, etcd2]) {
      await expect.poll(() => machine.console(), soon).toMatch(/phase=node state=ok/);
      expect(machine.console()).toMatch(/phase=firewall state=ok unit=triskel-firewall.service/);
      expect(await said(machine, 'systemctl --failed --no-legend')).toBe('');
    }
  });

  test('run as an account without capabilities, behind a filter of system calls', async () => {
    for (const machine of [etcd0, etcd1]) {
      const status = await said(machine, 'cat /proc/$(systemctl show -P MainPID etcd)/status');
      const uid = await said(machine, 'id -u etcd');
      expect(status).toMatch(new RegExp(`^Uid:\\s+${uid}\\s`, 'm'));
      expect(uid).not.toBe('0');
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^CapBnd:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    }
  });

  test('read their own keys, which nobody else does', async () => {
    const listed = await said(etcd0, 'stat -c "%A %U %n" /etc/kubernetes/pki/etcd/*.key /var/lib/etcd/data');
    expect(listed.split('\n')).toEqual([
      '-rw------- etcd /etc/kubernetes/pki/etcd/peer.key',
      '-rw------- etcd /etc/kubernetes/pki/etcd/server.key',
      'drwx------ etcd /var/lib/etcd/data',
    ]);
  });

  test('are reached by their peers, and by nobody else', async () => {
    expect(await said(etcd1, 'curl -sk --max-time 3 https://192.0.2.20:2380/ 2>&1; echo $?')).not.toBe('28');
    expect((await lab.run('curl', '-sk', '--max-time', '2', 'https://192.0.2.20:2380/')).code).toBe(28);
    expect((await lab.run('curl', '-sk', '--max-time', '2', 'https://192.0.2.20:2379/')).code).toBe(28);
  });

  test('start again with a disk that another machine’s account has written', async () => {
    await said(etcd0, '/opt/bin/etcdctl put first 1');
    await said(etcd0, 'systemctl stop etcd && chown -R 54321:54321 /var/lib/etcd/data');
    expect(await said(etcd0, 'systemctl start etcd; echo $?')).toBe('0');
    expect(await said(etcd0, '/opt/bin/etcdctl get first --print-value-only')).toBe('1');
  });

  test('come back after a reboot, with their firewall', async () => {
    await etcd1.reboot();
    await expect.poll(() => state(etcd1), soon).toBe('running');
    await expect.poll(() => healthy(etcd1), soon).toBe(3);
    expect(await said(etcd1, 'systemctl is-active triskel-firewall')).toBe('active');
    expect(await said(etcd1, 'nft list chain inet triskel input')).toContain('tcp dport { 2379, 2380 }');
  });

  test('stay off without their data, until they are replaced', async () => {
    await said(etcd2, 'systemctl stop etcd && rm -rf /var/lib/etcd/data && systemctl start --no-block etcd');
    await expect.poll(() => etcd2.console(), soon).toContain('has etcd2 as a started member: etcd stays off');
    expect(await state(etcd2)).toBe('start-pre');
    const id = /^([0-9a-f]+), started, etcd2,/m.exec(await said(etcd0, '/opt/bin/etcdctl member list'))?.[1] ?? '';
    await expect.poll(() => said(etcd0, `/opt/bin/etcdctl member remove ${id} 2>&1`), soon).toContain('removed');
    await said(etcd2, 'touch /etc/triskel/etcd-replacement');
    // Members that have just lost a peer call the cluster unhealthy for some seconds.
    const add = '/opt/bin/etcdctl member add etcd2 --peer-urls=https://192.0.2.22:2380 2>&1';
    await expect.poll(() => said(etcd0, add), soon).toContain('added to cluster');
    await expect.poll(() => state(etcd2), soon).toBe('running');
    expect(await said(etcd2, 'tr "\\0" "\\n" </proc/$(systemctl show -P MainPID etcd)/cmdline')).toContain(
      '--initial-cluster-state=existing',
    );
    await expect.poll(() => said(etcd2, '/opt/bin/etcdctl get first --print-value-only'), soon).toBe('1');
  });
});
