/** The version of Ignition's spec: what each system reads, and how nodes come by theirs. */
import type { Version } from 'ignition-config-types';
import { describe, expect, test } from 'vitest';
import { canSay, firstSpecWith, ignitionVersions, type IgnitionVersion } from '../../generator/cluster/ignition.ts';
import { systemFacts, systemNames } from '../../generator/cluster/systems.ts';
import { tryCluster } from '../support/cluster.ts';

const blueprint = (common: string, own: string): string => `
apiVersion: triskel/v1
name: demo
network: {nodes: 10.0.0.0/24}
os: ${common}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes: [{name: node0, roles: [control-plane], address: 10.0.0.10, os: ${own}}]
`;

describe('the table', () => {
  test('has the versions of which there are types, and no others', () => {
    // Each is assigned to the other: the two lists are one.
    const known: readonly Version[] = ignitionVersions;
    const typed: readonly IgnitionVersion[] = known;
    expect(typed).toEqual(['3.3.0', '3.4.0', '3.5.0', '3.6.0']);
  });

  test.each(systemNames)('%s has a default that it reads where it takes Ignition, and none elsewhere', (name) => {
    const { format, ignition } = systemFacts[name];
    expect(ignition === undefined).toBe(format === 'cloud-init');
    if (ignition !== undefined) expect(ignition.default <= ignition.newest).toBe(true);
  });

  test('says since when special permission bits are not left out', () => {
    expect(firstSpecWith('special-mode-bits')).toBe('3.6.0');
    expect(canSay('3.5.0', 'special-mode-bits')).toBe(false);
    expect(canSay('3.6.0', 'special-mode-bits')).toBe(true);
  });
});

describe('a node', () => {
  const specOf = (common: string, own: string) => tryCluster(blueprint(common, own)).value?.nodes[0]?.os.ignition;

  test.each([
    ['{}', '{}', '3.3.0'],
    ['{ignition: 3.4.0}', '{}', '3.4.0'],
    ['{ignition: 3.4.0}', '{ignition: 3.3.0}', '3.3.0'],
    ['{ignition: 3.4.0}', '{arch: arm64}', '3.4.0'],
    ['{ignition: 3.4.0}', '{name: debian}', undefined],
    ['{name: debian}', '{name: flatcar}', '3.3.0'],
  ])('of %s and %s', (common, own, version) => {
    expect(specOf(common, own)).toBe(version);
  });
});

describe('a version that cannot be had', () => {
  const told = (common: string, own: string) =>
    tryCluster(blueprint(common, own)).diagnostics.map(({ code, message, places }) => [code, message, places[0]?.path]);

  test('is refused where it is named', () => {
    expect(told('{ignition: 3.6.0}', '{}')).toEqual([
      [
        'cluster/ignition-version',
        'Flatcar reads Ignition configs up to 3.4.0; 3.6.0 needs Ignition 2.26.0',
        ['os', 'ignition'],
      ],
    ]);
    expect(told('{}', '{ignition: 3.5.0}')[0]?.[2]).toEqual(['nodes', 0, 'os', 'ignition']);
  });

  test('is refused of a system that reads no Ignition', () => {
    expect(told('{name: debian, ignition: 3.3.0}', '{}')).toEqual([
      ['cluster/ignition-version', 'Debian is configured by cloud-init, which reads no Ignition', ['os', 'ignition']],
    ]);
  });

  test('is refused when nobody knows it', () => {
    expect(told('{ignition: 3.7.0}', '{}')[0]?.[0]).toBe('blueprint/invalid-value');
  });
});
