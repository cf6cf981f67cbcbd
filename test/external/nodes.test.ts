/**
 * Real machines, booted with the payloads that `generate` seals: cloud-init of Debian 12 and 13 applies them, and then does it
 * again. What runs is real but for the programs that Debian does not have (kubelet, crictl), which only stay running.
 * Needs root, namespaces of one's own, and the images of test/support/booted/image.sh.
 */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { dropInPath, unitPath } from '../../generator/renderers/shared/systemd-files.ts';
import { systemDisagreements, treeDisagreements, unitDisagreements } from '../support/booted/agreement.ts';
import { startLab, type Lab } from '../support/booted/lab.ts';
import type { Machine } from '../support/booted/machine.ts';
import { makeMirror, type Mirror } from '../support/booted/mirror.ts';
import { cloudSeed, sealedPlans, type SealedPlan } from '../support/booted/payloads.ts';
import { differences, treeOf, type Tree } from '../support/booted/tree.ts';
import { SSH_KEY } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';
// A busy machine takes its time for three boots.
vi.setConfig({ hookTimeout: 300_000, testTimeout: 120_000 });
const GATEWAY = '192.0.2.1';
const SUITES = { '12': 'bookworm', '13': 'trixie' } as const;
const NODES = [
  { name: 'cp0', version: '13' },
  { name: 'worker0', version: '12' },
] as const;

/** What else a first boot changes in /etc. */
const FIRST_BOOT = [
  ['/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|/etc/\\.pwd\\.lock', 'accounts, those of the packages too'],
  ['/etc/sudoers\\.d/90-cloud-init-users', 'accounts that may become root'],
  ['/etc/ssh/ssh_host_[a-z0-9]+_key(\\.pub)?', 'keys that every machine makes for itself'],
  ['/etc/ssh/sshd_config\\.d/50-cloud-init\\.conf', 'ssh_pwauth: false'],
  ['/etc/machine-id|/etc/\\.updated', 'systemd, at the first boot of an image'],
  ['/etc/locale\\.conf|/etc/default/locale', "the image's locale"],
  ['/etc/netplan/50-cloud-init\\.yaml', 'the network that the cloud gives'],
  ['/etc/apt/sources\\.list', 'where this test has its packages'],
  ['/etc/kubernetes/manifests/etcd\\.yaml', 'the guard let etcd start'],
  ['/etc/ld\\.so\\.cache|/etc/(ssl|ca-certificates)(/.*)?|/etc/ca-certificates\\.conf', 'packages: libraries, CAs'],
  ['/etc/systemd/timesyncd\\.conf|/etc/dhcp/dhclient-exit-hooks\\.d/timesyncd', 'systemd-timesyncd'],
  ['/etc/systemd/system/(dbus-org.freedesktop.timesync1|sysinit.target.wants/systemd-timesyncd)\\.service', 'enabled'],
] as const;

/** What every boot changes anywhere. */
const EVERY_BOOT = [
  ['/var/log/.*', 'logs'],
  ['/var/lib/cloud/(data|instance|instances|seed)/?.*', "cloud-init's own memory"],
] as const;

/** What cloud-init does anew for another instance. */
const NEW_INSTANCE = [
  ['/etc/ssh/ssh_host_[a-z0-9]+_key(\\.pub)?', 'another instance has other host keys'],
  ['/etc/shadow-', 'the passwords are locked once more'],
  ['/etc/sudoers\\.d/90-cloud-init-users', 'cloud-init 22.4 writes the same rules below the old ones'],
  ['/var/cache/(apt|debconf)/.*', 'apt looks for packages once more'],
] as const;

/** A machine of systemd-nspawn's has no clock of its own: ConditionVirtualization=!container in the unit. */
const isForClocks = (unit: string): boolean => unit === 'systemd-timesyncd.service';

const blueprint = (mirrorCa: string): object => ({
  apiVersion: 'triskel/v1',
  name: 'booted',
  network: { nodes: '192.0.2.0/24' },
  os: { name: 'debian' },
  access: {
    users: [
      { name: 'ops', sshKeys: [SSH_KEY] },
      { name: 'guest', sshKeys: [SSH_KEY, SSH_KEY.replace('AAAIF', 'AAAIG')], sudo: false },
    ],
  },
  binaries: { mirror: `https://${GATEWAY}`, mirrorCa },
  time: { servers: [GATEWAY] },
  nodes: NODES.map(({ name, version }, index) => ({
    name,
    roles: [name.startsWith('cp') ? 'control-plane' : 'worker'],
    address: `192.0.2.${String(10 + index)}`,
    os: { name: 'debian', version },
  })),
});

describe.skipIf(IMAGES === '')('machines that boot (TRISKEL_IMAGES)', () => {
  let lab: Lab;
  let mirror: Mirror;
  let plans: ReadonlyMap<string, SealedPlan>;
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

  beforeAll(async () => {
    mirror = makeMirror(GATEWAY, IMAGES);
    plans = await sealedPlans(blueprint(mirror.ca), mirror.offer);
    lab = await startLab(`${GATEWAY}/24`);
    await mirror.serve(lab);
    for (const { name, version } of NODES) {
      const suite = SUITES[version];
      const files = cloudSeed(plans.get(name)!, { gateway: GATEWAY, suite });
      machines.set(name, lab.add({ name, image: `${IMAGES}/${suite}`, files }));
    }
    await boot((machine) => machine.start());
  });
  afterAll(async () => {
    await lab.stop();
    mirror.remove();
  });

  const isAsPlanned = async (name: string): Promise<void> => {
    const machine = machines.get(name)!;
    const { plan } = plans.get(name)!;
    expect(ends.get(name)).toMatch(/^0 /);
    expect(ends.get(name)).toMatch(/status: done/);
    expect(treeDisagreements(plan, machine.path)).toEqual([]);
    expect(await unitDisagreements(plan, (...args) => machine.run('systemctl', ...args))).toEqual([]);
    expect(await systemDisagreements(plan, machine.run)).toEqual([]);
    expect((await machine.run('systemctl', '--failed', '--no-legend')).output).toBe('');
    const enabled = plan.units.filter((unit) => unit.enabled && !isForClocks(unit.name)).map((unit) => unit.name);
    const states = await Promise.all(
      enabled.map(async (unit) => `${unit} ${(await machine.run('systemctl', 'is-active', unit)).output.trim()}`),
    );
    expect(states).toEqual(enabled.map((unit) => `${unit} active`));
  };

  /** What has changed and is not explained by `reasons`, a pattern of paths each. */
  const unexplained = (changed: Iterable<string>, reasons: readonly (readonly [string, string])[]): string[] =>
    [...changed].filter((path) => !reasons.some(([pattern]) => new RegExp(`^${pattern}$`).test(path)));

  describe.each(NODES)('the first boot of $name, Debian $version,', ({ name }) => {
    test('makes what the plan says', () => isAsPlanned(name));

    test('changes nothing else in /etc', () => {
      const tree = treeOf(machines.get(name)!.written);
      trees.set(name, tree);
      const inEtc = [...tree.keys()].filter((path) => path.startsWith('/etc/'));
      expect(unexplained(inEtc, [...plannedPaths(plans.get(name)!.plan), ...FIRST_BOOT])).toEqual([]);
    });
  });

  describe('a reboot', () => {
    beforeAll(() => boot((machine) => machine.reboot()));

    test.each(NODES)('leaves $name as it is', async ({ name }) => {
      await isAsPlanned(name);
      expect(
        unexplained(differences(trees.get(name)!, treeOf(machines.get(name)!.written)).keys(), EVERY_BOOT),
      ).toEqual([]);
    });
  });

  describe('the payload, applied to the same disk as to a new instance,', () => {
    beforeAll(() =>
      boot(async (machine) => {
        await machine.stop();
        const seed = cloudSeed(plans.get(machine.name)!, { gateway: GATEWAY, suite: '-', instance: '2' });
        const [metaData = ''] = Object.keys(seed).filter((path) => path.endsWith('/meta-data'));
        writeFileSync(machine.path(metaData), seed[metaData]!);
        machine.start();
      }),
    );

    test.each(NODES)('leaves $name as it is', async ({ name }) => {
      await isAsPlanned(name);
      const changed = differences(trees.get(name)!, treeOf(machines.get(name)!.written));
      expect(changed.get('/var/lib/cloud/instance')).toContain(`/${name}-2`);
      expect(unexplained(changed.keys(), [...EVERY_BOOT, ...NEW_INSTANCE])).toEqual([]);
    });
  });
});

/** The plan's own files and links, and the links that enable its units. */
function plannedPaths({ files, units, dropIns, links }: NodePlan): [string, string][] {
  const paths = [
    ...files.map(({ path }) => path),
    ...units.map(({ name }) => unitPath(name)),
    ...dropIns.map(({ unit, name }) => dropInPath(unit, name)),
    ...links.map(({ path }) => path),
    ...units.flatMap(({ name, content = '' }) => {
      const [, target] = /^WantedBy=(\S+)$/m.exec(content) ?? [];
      return target === undefined ? [] : unitPath(`${target}.wants/${name}`);
    }),
  ];
  return paths.map((path) => [path.replace(/[.\\+*?^$()[\]{}|]/g, '\\$&'), 'planned']);
}
