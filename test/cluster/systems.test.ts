/** The table of operating systems, and how nodes come by theirs. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packageFacts, packagesOf, systemFacts, systemNames } from '../../generator/cluster/systems.ts';
import { tryCluster } from '../support/cluster.ts';

const blueprint = (common: string, own: string): string => `
apiVersion: triskel/v1
name: demo
network: {nodes: 10.0.0.0/24}
os: ${common}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: node0, roles: [control-plane], address: 10.0.0.10}]
nodeGroups: [{name: worker, count: 1, roles: [worker], addresses: 10.0.0.20-10.0.0.29, os: ${own}}]
`;

describe('the table', () => {
  test.each(systemNames)(
    '%s: its default release is one that it has, for both architectures, with cgroup v2',
    (name) => {
      const { default: usual, releases, refused } = systemFacts[name];
      expect(Object.keys(releases)).toContain(usual);
      for (const { arch, cgroup } of Object.values(releases)) {
        expect(arch).toEqual(['amd64', 'arm64']);
        expect(cgroup).toBe(2);
      }
      expect(Object.keys(refused).filter((release) => release in releases)).toEqual([]);
    },
  );

  test.each(systemNames)('%s: it says of every package where it is, or why not', (name) => {
    const silent = Object.keys(packageFacts).filter((wanted) => packagesOf(name, wanted) === UNSEEN);
    expect(silent).toEqual([]);
  });

  test('the page for users says the same', () => {
    const lines = readFileSync('docs/operating-systems.md', 'utf8').split('\n');
    const row = (title: string): string[] => {
      const line = lines.find((text) => text.startsWith(`| ${title} `)) ?? '';
      return line
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim());
    };
    const order = ['flatcar', 'fedora-coreos', 'debian', 'ubuntu', 'rocky'] as const;
    expect([...order].sort()).toEqual([...systemNames].sort());
    expect(row('packages')).toEqual(order.map((name) => systemFacts[name].packageManager));
    expect(row('time daemon')).toEqual(order.map((name) => systemFacts[name].timeDaemon));
    expect(row('SELinux')).toEqual(order.map((name) => systemFacts[name].selinux));
    expect(row('`/etc/resolv.conf` by')).toEqual(order.map((name) => systemFacts[name].resolver));
    expect(row('firewall in the image')).toEqual(order.map((name) => systemFacts[name].firewall));
    expect(row('group with `sudo`')).toEqual(order.map((name) => systemFacts[name].sudoGroup));
  });

  test('a hole is a refusal', () => {
    const { conntrack = {} } = packageFacts;
    const { flatcar, ...others } = conntrack;
    expect(flatcar).toBe('image');
    expect(packagesOf('flatcar', 'conntrack', { conntrack: others })).toBe(UNSEEN);
  });
});

const UNSEEN = 'nobody has looked whether it is there';

describe("a group's system", () => {
  const groupSystem = (common: string, own: string) =>
    tryCluster(blueprint(common, own)).value?.nodes.find(({ name }) => name === 'worker0')?.os;
  const ignition = undefined;

  test.each([
    ['{name: debian, version: "12"}', '{}', { name: 'debian', version: '12', arch: 'amd64', ignition }],
    ['{name: debian, version: "12"}', '{arch: arm64}', { name: 'debian', version: '12', arch: 'arm64', ignition }],
    ['{name: debian, version: "12"}', '{version: "13"}', { name: 'debian', version: '13', arch: 'amd64', ignition }],
    [
      '{name: debian, version: "12", arch: arm64}',
      '{name: ubuntu}',
      { name: 'ubuntu', version: '24.04', arch: 'arm64', ignition },
    ],
    [
      '{name: debian, version: "12"}',
      '{name: flatcar}',
      { name: 'flatcar', version: undefined, arch: 'amd64', ignition: '3.3.0' },
    ],
    ['{}', '{name: rocky, version: "9"}', { name: 'rocky', version: '9', arch: 'amd64', ignition }],
  ])('%s and %s: a release stays with its system', (common, own, os) => {
    expect(groupSystem(common, own)).toEqual(os);
  });
});

describe('a FleetLock server', () => {
  const lockOf = (common: string, own: string) => {
    const { value, diagnostics } = tryCluster(blueprint(common, own));
    const told = diagnostics.map(({ code, message, places }) => [code, message, places[0]?.path]);
    return value === undefined ? told : value.nodes.map(({ os }) => os.fleetLock);
  };
  const url = 'http://10.96.0.15/';

  test('is asked by Fedora CoreOS, and stays with it', () => {
    expect(lockOf(`{name: fedora-coreos, fleetLock: "${url}"}`, '{arch: arm64}')).toEqual([url, url]);
    expect(lockOf(`{name: fedora-coreos, fleetLock: "${url}"}`, '{name: flatcar}')).toEqual([url, undefined]);
  });

  test('is refused where nothing asks it', () => {
    expect(lockOf('{}', `{fleetLock: "${url}"}`)).toEqual([
      ['cluster/fleet-lock', 'Flatcar has nothing that asks a FleetLock server', ['nodeGroups', 0, 'os', 'fleetLock']],
    ]);
  });
});

describe('a release that is not in the table', () => {
  const told = (common: string, own: string) =>
    tryCluster(blueprint(common, own)).diagnostics.map(({ message, places }) => [message, places[0]?.path]);

  test('is refused where it is named, with the reason', () => {
    expect(told('{}', '{name: rocky, version: "8"}')).toEqual([
      [
        'Rocky Linux 8 cannot be used: it mounts cgroup v1, with which the kubelet does not start',
        ['nodeGroups', 0, 'os', 'version'],
      ],
    ]);
  });

  test('is refused with those that are known', () => {
    const [first] = told('{name: ubuntu, version: "24.10"}', '{}');
    expect(first).toEqual([
      'Ubuntu 24.10 cannot be used: what is known is Ubuntu 24.04. Did you mean "24.04"?',
      ['os', 'version'],
    ]);
  });

  test('is refused of a system that has none to choose', () => {
    expect(told('{version: "13"}', '{name: debian}')).toEqual([
      ['Flatcar updates itself and has no version to choose', ['os', 'version']],
    ]);
  });
});
