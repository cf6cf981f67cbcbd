/**
 * Real machines, booted with the payloads that `generate` seals: cloud-init of Debian 12 and 13 applies them, and then does it
 * again. What runs is real but for the programs that Debian does not have (kubelet, crictl), which only stay running.
 * Needs root, namespaces of one's own, and images (generator/lab/image.sh).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { imagesFolder } from '../../generator/host/lab/folders.ts';
import type { Lab } from '../../generator/host/lab/lab.ts';
import type { Machine } from '../../generator/host/lab/machine.ts';
import type { Run } from '../../generator/host/lab/running.ts';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { systemDisagreements, treeDisagreements, unitDisagreements } from '../support/booted/agreement.ts';
import {
  EVERY_BOOT,
  FIRST_BOOT,
  NEW_INSTANCE,
  packagePaths,
  plannedPaths,
  unexplained,
} from '../support/booted/changes.ts';
import { blueprint, ETCD_DISK, GATEWAY, NODES, oddNode } from '../support/booted/nodes.ts';
import { sealedPlans, withPayload, type SealedPlan } from '../support/booted/payloads.ts';
import { startTestLab } from '../support/booted/test-lab.ts';
import { differences, treeOf, type Tree } from '../support/booted/tree.ts';
import { SSH_KEY } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';
const BLOCK_DEVICES = process.env['TRISKEL_BLOCK_DEVICES'] ?? '';

// A busy machine takes its time for three boots.
vi.setConfig({ hookTimeout: 300_000, testTimeout: 120_000 });

describe.skipIf(IMAGES === '')('machines that boot (TRISKEL_IMAGES)', () => {
  let lab: Lab;
  const plans = new Map<string, SealedPlan>();
  const machines = new Map<string, Machine>();
  const ends = new Map<string, string>();
  const trees = new Map<string, Tree>();

  /** All machines at once: what `go` starts, until nothing is left that waits. */
  const boot = (go: (machine: Machine) => void | Promise<void>): Promise<unknown> =>
    Promise.all(
      [...machines.values()].map(async (machine) => {
        await go(machine);
        const { code, output } = await machine.cloudInit();
        ends.set(machine.name, `${String(code)} ${output}`);
        await machine.run('systemctl', 'is-system-running', '--wait');
      }),
    );
  const said = async (name: string, ...command: string[]): Promise<string> =>
    (await machines.get(name)!.run(...command)).output.trim();

  beforeAll(async () => {
    const started = await startTestLab('nodes', GATEWAY);
    lab = started.lab;
    for (const [name, sealed] of await sealedPlans(blueprint(started.mirror.ca, BLOCK_DEVICES !== ''), started.mirror))
      plans.set(name, sealed);
    const worker = plans.get('worker0')!;
    plans.set('worker0', withPayload(worker, cloudInit.sealed(worker.plan, 'gzip-files')));
    plans.set('master0', oddNode());
    const disks = BLOCK_DEVICES === '' ? [] : [{ device: ETCD_DISK, mebibytes: 64 }];
    for (const { name, suite } of NODES) {
      const files = plans.get(name)!.seed;
      const image = join(imagesFolder(), suite);
      machines.set(name, await lab.add({ name, image, files, disks: name === 'cp0' ? disks : [] }));
    }
    await boot((machine) => machine.start());
  });
  afterAll(async () => {
    await lab.stop();
  });

  const isAsPlanned = async (name: string): Promise<void> => {
    const machine = machines.get(name)!;
    const { plan } = plans.get(name)!;
    expect(ends.get(name), machine.console().split('ci-info: Auth')[0]!.slice(-3000)).toMatch(/^0 [^]*status: done/);
    expect(await said(name, 'grep', '--extended-regexp', 'WARNING|ERROR', '/var/log/cloud-init.log')).toBe('');
    expect(treeDisagreements(plan, machine.path)).toEqual([]);
    expect(await unitDisagreements(plan, (...args) => machine.run('systemctl', ...args))).toEqual([]);
    expect(await systemDisagreements(plan, machine.run)).toEqual([]);
    expect(await said(name, 'systemctl', '--failed', '--no-legend')).toBe('');
    const states = await Promise.all(
      mustRun(plan).map(async (unit) => `${unit} ${await said(name, 'systemctl', 'is-active', unit)}`),
    );
    expect(states).toEqual(mustRun(plan).map((unit) => `${unit} active`));
  };
  const isAsBefore = (name: string, reasons: typeof EVERY_BOOT): void => {
    const changed = differences(trees.get(name)!, treeOf(machines.get(name)!.written));
    expect(unexplained(changed.keys(), reasons)).toEqual([]);
  };

  describe.each(NODES)('the first boot of $name, Debian $version,', ({ name }) => {
    test('makes what the plan says', () => isAsPlanned(name));

    test('changes nothing else in /etc', () => {
      const tree = treeOf(machines.get(name)!.written);
      trees.set(name, tree);
      const packages = packagePaths(tree, (path) => readFileSync(join(machines.get(name)!.written, path), 'utf8'));
      const known = new Set([...plannedPaths(plans.get(name)!.plan), ...packages]);
      const inEtc = [...tree.keys()].filter((path) => path.startsWith('/etc/'));
      expect(inEtc).toContain('/etc/passwd');
      expect(
        unexplained(
          inEtc.filter((path) => !known.has(path)),
          FIRST_BOOT,
        ),
      ).toEqual([]);
    });
  });

  test('the first boot starts no daemon before its configuration is there', async () => {
    const starts = async (): Promise<number> =>
      (await said('master0', 'journalctl', '--unit=haproxy', '--output=cat')).match(/^Started /gm)?.length ?? 0;
    expect(await starts()).toBe(1);
    expect(await said('master0', 'ss', '--listening', '--tcp', '--numeric', '--no-header')).toContain(':7000 ');
    // Where nothing forbids it, the package does start it.
    await machines
      .get('master0')!
      .run('sh', '-c', 'systemctl stop haproxy && apt-get install --yes --reinstall haproxy');
    expect(await starts()).toBe(2);
  });

  test('settings of the network are in force', async () => {
    // All that a machine of systemd-nspawn's may set in the kernel that it shares.
    expect(await said('worker0', 'sysctl', '--values', 'net.ipv4.ip_forward')).toBe('1');
  });

  test.skipIf(BLOCK_DEVICES === '')('etcd has its data on its own disk (TRISKEL_BLOCK_DEVICES)', async () => {
    expect(await said('cp0', 'findmnt', '--noheadings', '--output=LABEL', '/var/lib/etcd')).toBe('etcd');
  });

  describe('a reboot', () => {
    beforeAll(async () => {
      // What etcd would have made by now.
      await machines
        .get('cp0')!
        .run('sh', '-c', 'mkdir /var/lib/etcd/data/member && echo log >/var/lib/etcd/data/member/wal');
      trees.set('master0', treeOf(machines.get('master0')!.written));
      await boot((machine) => machine.reboot());
    });

    test.each(NODES)('leaves $name as it is', async ({ name }) => {
      await isAsPlanned(name);
      isAsBefore(name, EVERY_BOOT);
    });
  });

  describe('the payload, applied to the same disk as to a new instance,', () => {
    beforeAll(() =>
      boot(async (machine) => {
        await machine.stop();
        const identity = { 'instance-id': `${machine.name}-2`, 'local-hostname': machine.name };
        writeFileSync(machine.path('/var/lib/cloud/seed/nocloud/meta-data'), JSON.stringify(identity));
        await machine.start();
      }),
    );

    test.each(NODES)('leaves $name as it is', async ({ name }) => {
      await isAsPlanned(name);
      isAsBefore(name, [...EVERY_BOOT, ...NEW_INSTANCE]);
      expect(treeOf(machines.get(name)!.written).get('/var/lib/cloud/instance')).toContain(`/${name}-2`);
    });

    test("etcd's data are there, and its guard lets it start", async () => {
      expect(await said('cp0', 'cat', '/var/lib/etcd/data/member/wal')).toBe('log');
      expect(await said('cp0', 'journalctl', '--boot', '--unit=triskel-etcd-guard', '--output=cat')).toContain(
        'data are there',
      );
    });
  });

  test('what differs from the plan is told', async () => {
    const machine = machines.get('worker0')!;
    const { plan } = plans.get('worker0')!;
    const damage = [
      'chmod 644 /etc/kubernetes/pki/kubelet.key',
      'echo "# more" >>/etc/containerd/config.toml',
      'chown ops /etc/crictl.yaml',
      'rm /etc/triskel/node',
      'rm /etc/systemd/system/swap.target',
      'chmod 777 /opt/triskel',
      'systemctl disable kubelet.service',
      'echo "$1" >>/home/ops/.ssh/authorized_keys',
      'usermod --shell /usr/sbin/nologin operator',
      'echo "operator ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/more',
      'apt-get remove --yes --purge systemd-timesyncd',
    ];
    expect(await machine.run('sh', '-ec', damage.join('\n'), 'sh', SSH_KEY)).toMatchObject({ code: 0 });
    const beginnings = (found: string[]): string[] => found.map((text) => text.split(': ')[0] ?? '').sort();
    expect(beginnings(treeDisagreements(plan, machine.path))).toEqual([
      '/etc/containerd/config.toml',
      '/etc/crictl.yaml',
      '/etc/kubernetes/pki/kubelet.key',
      '/etc/systemd/system/swap.target',
      '/etc/triskel/node',
      '/etc/triskel/node',
      '/opt/triskel',
    ]);
    const systemctl = (...args: string[]): Promise<Run> => machine.run('systemctl', ...args);
    expect(beginnings(await unitDisagreements(plan, systemctl))).toEqual([
      'kubelet.service',
      'swap.target',
      'systemd-timesyncd.service',
    ]);
    expect(beginnings(await systemDisagreements(plan, machine.run))).toEqual([
      'operator',
      'operator',
      'ops',
      'systemd-timesyncd',
    ]);
    expect(unexplained(['/etc/shadow', '/etc/shadow2', '/etc/x/shadow'], FIRST_BOOT)).toEqual([
      '/etc/shadow2',
      '/etc/x/shadow',
    ]);
  });
});

/**
 * Units that are active once the machine has booted. A machine of systemd-nspawn's has no clock of its own
 * (ConditionVirtualization=!container), and a.service ends at once.
 */
function mustRun({ units }: SealedPlan['plan']): string[] {
  const enabled = units.filter((unit) => unit.enabled).map(({ name }) => name);
  return enabled.filter((name) => name !== 'systemd-timesyncd.service' && name !== 'a.service');
}
