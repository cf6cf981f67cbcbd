import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cloudInit } from '../../generator/renderers/cloud-init.ts';
import { adaptedPlan, items, planOf, smallCluster } from '../support/plans.ts';

const cluster = smallCluster('debian');
const read = (text: string): Record<string, unknown> => parse(text) as Record<string, unknown>;

describe('user-data for cloud-init', () => {
  const config = read(cloudInit.reviewed(adaptedPlan(cluster, items)));

  test('sets the name, the accounts and the packages', () => {
    const { write_files: _files, runcmd: _commands, ...settings } = config;
    expect(settings).toEqual({
      hostname: 'master0',
      preserve_hostname: false,
      manage_etc_hosts: false,
      users: [
        {
          name: 'core',
          primary_group: 'core',
          groups: 'core',
          lock_passwd: true,
          shell: '/bin/bash',
          sudo: 'ALL=(ALL) NOPASSWD:ALL',
          ssh_authorized_keys: ['ssh-ed25519 AAAA core@x'],
        },
        {
          name: 'guest',
          primary_group: 'guest',
          groups: 'guest',
          lock_passwd: true,
          shell: '/bin/bash',
          ssh_authorized_keys: ['ssh-ed25519 BBBB'],
        },
        {
          name: 'ops',
          primary_group: 'ops',
          groups: 'ops',
          lock_passwd: true,
          shell: '/bin/bash',
          sudo: 'ALL=(ALL) NOPASSWD:ALL',
        },
      ],
      ssh_pwauth: false,
      disable_root: true,
      package_update: true,
      packages: ['ca-certificates', 'curl', 'e2fsprogs', 'socat'],
    });
  });

  test('keeps daemons from starting while packages are installed', () => {
    const [first] = config['write_files'] as object[];
    expect(first).toMatchObject({ path: '/usr/sbin/policy-rc.d', permissions: '0755' });
    expect(first).toHaveProperty('content', expect.stringMatching(/^exit 101$/m));
  });

  test('does the rest in this order', () => {
    const [, ...paths] = (config['write_files'] as { path: string }[]).map(({ path }) => path);
    const own = ['triskel-fetch.service', 'triskel-report.service', 'triskel.target'];
    expect(paths).toContain('/opt/triskel/report');
    expect(config['runcmd']).toEqual([
      'set -e',
      'phase=configuration',
      `trap 'code=$?; [ $code -eq 0 ] || echo "triskel/1 node=$(uname -n) phase=$phase state=failed exit=$code say=\\"the first boot failed, nothing was started\\""' EXIT`,
      ['stat', '--printf=', '/usr/sbin/policy-rc.d', ...paths],
      `errors=$(sed -n '/"errors": \\[$/,/\\]/p' /run/cloud-init/status.json)`,
      `[ -z "$errors" ] || { echo "$errors" | cut -d '(' -f 1-2; exit 1; }`,
      'phase=packages',
      ['rm', '/usr/sbin/policy-rc.d'],
      ['dpkg-query', '--show', 'ca-certificates', 'curl', 'e2fsprogs', 'socat'],
      'test -z "$(dpkg --audit)"',
      '/opt/triskel/report packages ok "" >/dev/null',
      'phase=configuration',
      ['systemctl', 'daemon-reload'],
      'systemctl stop apt-daily-upgrade.timer apt-daily.timer swap.target 2>/dev/null || true',
      ['systemctl', 'mask', '--now', 'apt-daily-upgrade.timer', 'apt-daily.timer', 'swap.target'],
      'phase=disk',
      ['systemctl', 'start', 'var-lib-etcd.mount'],
      'phase=configuration',
      ['install', '--directory', '--mode=0755', '/etc/kubernetes/manifests'],
      ['install', '--directory', '--mode=0700', '/var/lib/etcd'],
      ['mkdir', '--parents', '/etc/'],
      ['ln', '--symbolic', '--force', '--no-target-directory', '../usr/share/zoneinfo/Etc/UTC', '/etc/localtime'],
      'phase=kernel',
      ['systemctl', 'restart', 'systemd-modules-load.service', 'systemd-sysctl.service'],
      'phase=configuration',
      ['systemctl', 'enable', 'a.service', ...own, 'var-lib-etcd.mount'],
      '/opt/triskel/report configuration ok "" >/dev/null',
      ['systemctl', 'start', '--no-block', 'a.service', ...own],
    ]);
  });

  test('starts anew what the system has started already', () => {
    const text = cloudInit.reviewed(
      planOf(cluster, [{ kind: 'unit', name: 'systemd-timesyncd.service', enabled: true }]),
    );
    expect(read(text)['runcmd']).toContainEqual([
      'systemctl',
      'reload-or-restart',
      '--no-block',
      'systemd-timesyncd.service',
    ]);
  });

  test('on Rocky Linux asks rpm, forbids no starts, and labels what it makes', () => {
    const text = cloudInit.reviewed(adaptedPlan(smallCluster('rocky'), items));
    const commands = read(text)['runcmd'] as unknown[];
    expect(text).not.toContain('policy-rc.d');
    expect(commands).toContainEqual(expect.arrayContaining(['rpm', '--query', 'socat']));
    const labels = ['restorecon', '-R', '/etc/kubernetes/manifests', '/var/lib/etcd'];
    expect(commands).toContainEqual(labels);
    const folders = commands.findLastIndex((command) => (command as string[])[0] === 'install');
    expect(commands.findIndex((command) => (command as string[])[0] === 'restorecon')).toBe(folders + 1);
  });

  test('installs nothing that the image has, and looks for it', () => {
    const plan = adaptedPlan(smallCluster('debian', 'packages: {source: image}'), items);
    const text = cloudInit.reviewed(plan);
    expect(Object.keys(read(text))).not.toContain('packages');
    expect(text).not.toContain('policy-rc.d');
    expect(read(text)['runcmd']).toContainEqual(expect.arrayContaining(['dpkg-query', '--show', 'socat']));
  });

  test('keeps cloud-init from writing other sources beside those of a mirror', () => {
    const mirrored = adaptedPlan(smallCluster('ubuntu', 'packages: {mirror: "http://m"}'), items);
    expect(read(cloudInit.reviewed(mirrored))['apt']).toEqual({ preserve_sources_list: true });
    expect(read(cloudInit.reviewed(adaptedPlan(smallCluster('ubuntu'), items)))['apt']).toBeUndefined();
  });

  test('makes no account when there are no users, and asks for no packages when there are none', () => {
    const empty = read(cloudInit.reviewed(planOf(cluster, [])));
    expect(empty['users']).toEqual(['']);
    expect(Object.keys(empty)).not.toContain('packages');
    expect(cloudInit.reviewed(planOf(cluster, []))).not.toContain('policy-rc.d');
  });
});
