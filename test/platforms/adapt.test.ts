import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { platformOf } from '../../generator/platforms/index.ts';
import { adaptedPlan, inSpec, planOf, smallCluster, SYSTEMS, type System } from '../support/plans.ts';

const kubelet: PlanItem = {
  kind: 'download',
  url: 'https://dl.k8s.io/release/v1/kubelet',
  sha256: 'a'.repeat(64),
  target: '/opt/bin/kubelet',
  title: 'kubelet 1',
};
const plugins: PlanItem = {
  kind: 'download',
  url: 'https://github.com/x/cni.tgz',
  sha256: 'b'.repeat(64),
  target: '/opt/cni/bin',
  members: ['bridge', 'loopback'],
  title: 'plugins 1',
};
const disk: PlanItem = {
  kind: 'filesystem',
  device: '/dev/disk/by-id/virtio-a%b',
  path: '/var/lib/etcd',
  format: 'ext4',
  label: 'etcd',
};
const file = (plan: NodePlan, path: string): string | undefined => plan.files.find((f) => f.path === path)?.content;
const unit = (plan: NodePlan, name: string): string | undefined => plan.units.find((u) => u.name === name)?.content;
const diagnosticsOf = (system: System, items: readonly PlanItem[], more = ''): string[] => {
  const cluster = smallCluster(system, more);
  const plan = planOf(cluster, items);
  return platformOf(plan.node.os)
    .adapt(plan, cluster)
    .diagnostics.map(({ code, message }) => `${code}: ${message}`);
};

describe.each(SYSTEMS)('on %s', (system) => {
  test('downloads become a list, a script and a unit', () => {
    const plan = adaptedPlan(smallCluster(system), [kubelet, plugins]);
    expect(plan.downloads).toEqual([]);
    expect(file(plan, '/etc/triskel/downloads')).toBe(
      `${'a'.repeat(64)} https://dl.k8s.io/release/v1/kubelet /opt/bin/kubelet -\n` +
        `${'b'.repeat(64)} https://github.com/x/cni.tgz /opt/cni/bin bridge,loopback\n`,
    );
    expect(file(plan, '/etc/triskel/mirror-ca.pem')).toBeUndefined();
    expect(unit(plan, 'triskel-fetch.service')).toContain('ExecStart=/opt/triskel/fetch\n');
    expect(plan.files.find((f) => f.path === '/opt/triskel/fetch')?.mode).toBe(0o755);
  });

  test('a mirror stands before every URL', () => {
    const ca = readFileSync('test/data/ca.pem', 'utf8');
    const more = `binaries: {mirror: "https://mirror.example.org/files/", mirrorCa: ${JSON.stringify(ca)}}`;
    const plan = adaptedPlan(smallCluster(system, more), [kubelet]);
    expect(file(plan, '/etc/triskel/downloads')).toContain(
      ' https://mirror.example.org/files/dl.k8s.io/release/v1/kubelet /opt/bin/kubelet',
    );
    expect(file(plan, '/etc/triskel/mirror-ca.pem')).toBe(ca);
  });

  test('with everything on the image nothing is fetched, and no checksum is needed', () => {
    const plan = adaptedPlan(smallCluster(system, 'binaries: {source: image}'), [
      { ...kubelet, sha256: undefined },
      plugins,
    ]);
    expect(file(plan, '/etc/triskel/downloads')).toBeUndefined();
    expect(file(plan, '/etc/triskel/programs')).toBe('/opt/bin/kubelet\n/opt/cni/bin/bridge\n/opt/cni/bin/loopback\n');
    expect(unit(plan, 'triskel-fetch.service')).toContain('ExecStart=/opt/triskel/check-image\n');
  });

  test('an unknown checksum is an error that names the program', () => {
    expect(diagnosticsOf(system, [{ ...kubelet, sha256: undefined }])).toEqual([
      'plan/unknown-checksum: the sha256 of kubelet 1 is not known (https://dl.k8s.io/release/v1/kubelet)',
    ]);
  });

  test('sysctls and kernel modules become files', () => {
    const plan = adaptedPlan(smallCluster(system), [
      { kind: 'sysctl', key: 'vm.overcommit_memory', value: '1' },
      { kind: 'sysctl', key: 'kernel.panic', value: '10' },
      { kind: 'kernel-module', name: 'overlay' },
    ]);
    expect(file(plan, '/etc/sysctl.d/90-triskel.conf')).toBe('kernel.panic = 10\nvm.overcommit_memory = 1\n');
    expect(file(plan, '/etc/modules-load.d/triskel.conf')).toBe('overlay\n');
    expect([...plan.sysctls, ...plan.kernelModules]).toEqual([]);
  });

  test('a filesystem has a mount unit that the boot does not wait for', () => {
    const mount = unit(adaptedPlan(smallCluster(system), [disk]), 'var-lib-etcd.mount');
    expect(mount).toContain('What=/dev/disk/by-id/virtio-a%%b\nWhere=/var/lib/etcd\nType=ext4\n');
    expect(mount).toContain('Options=nofail\n');
    expect(mount).toContain('WantedBy=triskel.target\n');
  });

  test('a package that no table knows is a fault of ours', () => {
    expect(() => diagnosticsOf(system, [{ kind: 'package', name: 'emacs' }])).toThrow(
      'operating-systems.yaml has no package emacs',
    );
  });
});

describe('Flatcar', () => {
  const plan = adaptedPlan(smallCluster('flatcar'), [disk, { kind: 'package', name: 'conntrack' }]);

  test('leaves the filesystem to Ignition', () => {
    expect(plan.filesystems).toHaveLength(1);
    expect(unit(plan, 'var-lib-etcd.mount')).not.toContain('Requires=');
    expect(plan.units.map(({ name }) => name)).not.toContain('triskel-make-var-lib-etcd.service');
  });

  test('has no packages, no reboots of its own, and a containerd that is ours', () => {
    expect(plan.packages).toEqual([]);
    expect(plan.units).toContainEqual({ kind: 'unit', name: 'locksmithd.service', enabled: false, masked: true });
    expect(plan.links.map(({ path, target }) => `${path} → ${target}`)).toEqual([
      '/etc/extensions/containerd-flatcar.raw → /dev/null',
      '/etc/extensions/docker-flatcar.raw → /dev/null',
    ]);
  });

  test('writes the host name, unless the plan does', () => {
    expect(file(plan, '/etc/hostname')).toBe('master0\n');
    const given: PlanItem = { kind: 'file', path: '/etc/hostname', mode: 0o644, content: 'other\n' };
    expect(file(adaptedPlan(smallCluster('flatcar'), [given]), '/etc/hostname')).toBe('other\n');
  });

  test('refuses what its image cannot have', () => {
    expect(
      diagnosticsOf('flatcar', [
        { kind: 'package', name: 'keepalived' },
        { kind: 'user', name: 'core', sshKeys: [], sudo: false },
      ]),
    ).toEqual([
      'plan/not-on-this-system: Flatcar cannot have keepalived: its image has no keepalived; it runs there as a static pod',
      'plan/not-on-this-system: on Flatcar, core can always become root',
    ]);
  });
});

describe('Ignition', () => {
  const special: readonly PlanItem[] = [
    { kind: 'file', path: '/etc/plain', mode: 0o755, content: '' },
    { kind: 'file', path: '/opt/bin/setuid', mode: 0o4755, content: '' },
    { kind: 'directory', path: '/var/tmp/all', mode: 0o1777 },
  ];

  test('takes what its version can say', () => {
    const cluster = smallCluster('fedora-coreos');
    const plan = inSpec(planOf(cluster, special), '3.6.0');
    expect(platformOf(plan.node.os).adapt(plan, cluster).diagnostics).toEqual([]);
  });

  test('is not asked for what its version leaves out', () => {
    expect(diagnosticsOf('flatcar', special)).toEqual([
      'plan/ignition-version: master0: /opt/bin/setuid has the mode 4755, and Ignition 3.3.0 takes no setuid, setgid or sticky bit; 3.6.0 does',
      'plan/ignition-version: master0: /var/tmp/all has the mode 1777, and Ignition 3.3.0 takes no setuid, setgid or sticky bit; 3.6.0 does',
    ]);
  });
});

const TIME = 'time: {servers: [ntp1.example.org, 192.0.2.1]}';

describe.each(['debian', 'ubuntu'] as const)('%s', (system) => {
  const plan = adaptedPlan(smallCluster(system, TIME), [disk, kubelet, { kind: 'package', name: 'nfs-client' }]);

  test('makes the filesystem by a unit before the mount', () => {
    expect(plan.filesystems).toEqual([]);
    expect(unit(plan, 'triskel-make-var-lib-etcd.service')).toContain(
      'ExecStart=/opt/triskel/make-filesystem /dev/disk/by-id/virtio-a%%b etcd\n',
    );
    expect(unit(plan, 'var-lib-etcd.mount')).toContain(
      'Requires=triskel-make-var-lib-etcd.service\nAfter=triskel-make-var-lib-etcd.service\n',
    );
  });

  test('has packages of its own names, what the scripts need among them', () => {
    expect(plan.packages.map(({ name }) => name)).toEqual([
      'ca-certificates',
      'curl',
      'e2fsprogs',
      'nfs-common',
      'systemd-timesyncd',
    ]);
    expect(plan.units).toContainEqual({ kind: 'unit', name: 'systemd-timesyncd.service', enabled: true });
  });

  test('neither reboots nor upgrades by itself', () => {
    expect(plan.units.filter(({ masked }) => masked).map(({ name }) => name)).toEqual([
      'apt-daily-upgrade.timer',
      'apt-daily.timer',
    ]);
    expect(file(plan, '/etc/apt/apt.conf.d/90-triskel-reboots')).toContain('Automatic-Reboot "false";');
  });

  test('tells apt of the proxy', () => {
    const more = 'proxy: {http: "http://p:3128", https: "http://q:3128", exempt: [mirror.example.org, 10.0.0.0/8]}';
    const proxied = adaptedPlan(smallCluster(system, more), []);
    expect(file(proxied, '/etc/apt/apt.conf.d/90-triskel-proxy')?.split('\n')).toEqual([
      'Acquire::http::Proxy "http://p:3128";',
      'Acquire::http::Proxy::mirror.example.org "DIRECT";',
      'Acquire::https::Proxy "http://q:3128";',
      'Acquire::https::Proxy::mirror.example.org "DIRECT";',
      '',
    ]);
  });
});

describe('Rocky Linux', () => {
  const plan = adaptedPlan(smallCluster('rocky', TIME), [
    disk,
    kubelet,
    { kind: 'package', name: 'nfs-client' },
    { kind: 'package', name: 'pacemaker' },
  ]);

  test('has packages of its own names', () => {
    const names = [
      'ca-certificates',
      'chrony',
      'container-selinux',
      'corosync',
      'curl',
      'e2fsprogs',
      'nfs-utils',
      'pacemaker',
      'pacemaker-cli',
      'resource-agents',
    ];
    expect(plan.packages.map(({ name }) => name)).toEqual(names);
  });

  test('labels the container runtime after every fetch, which is at every boot', () => {
    expect(plan.dropIns).toContainEqual({
      kind: 'drop-in',
      unit: 'triskel-fetch.service',
      name: '10-selinux.conf',
      content:
        '[Service]\nExecStartPost=/usr/bin/chcon --type=container_runtime_exec_t /opt/bin/containerd /opt/bin/containerd-shim-runc-v2 /opt/bin/runc\n',
    });
  });

  test('keeps NetworkManager from the pod network', () => {
    expect(file(plan, '/etc/NetworkManager/conf.d/90-triskel.conf')).toContain('flannel*');
    expect(plan.units).toContainEqual({ kind: 'unit', name: 'NetworkManager.service', enabled: true });
  });

  test('keeps time by chrony', () => {
    expect(file(plan, '/etc/chrony.conf')).toMatch(/^server ntp1.example.org iburst\nserver 192.0.2.1 iburst\n/);
    expect(plan.units).toContainEqual({ kind: 'unit', name: 'chronyd.service', enabled: true });
  });

  test('has no part of apt, and no upgrades by itself', () => {
    expect(plan.files.filter(({ path }) => path.includes('apt'))).toEqual([]);
    expect(plan.units.filter(({ masked }) => masked).map(({ name }) => name)).toContain('dnf-automatic.timer');
  });

  test('refuses what it does not build, at the node that wants it', () => {
    expect(diagnosticsOf('rocky', [{ kind: 'package', name: 'systemd-timesyncd' }])).toEqual([
      'plan/not-on-this-system: Rocky Linux cannot have systemd-timesyncd: Enterprise Linux does not build it; chrony is there',
    ]);
  });
});

describe('Fedora CoreOS', () => {
  const plan = adaptedPlan(smallCluster('fedora-coreos', TIME), [
    disk,
    kubelet,
    { kind: 'package', name: 'nfs-client' },
  ]);

  test('leaves the filesystem to Ignition, and has no packages', () => {
    expect(plan.filesystems).toHaveLength(1);
    expect(unit(plan, 'var-lib-etcd.mount')).not.toContain('Requires=');
    expect(plan.packages).toEqual([]);
  });

  test('neither updates and reboots by itself nor starts a Docker', () => {
    const masked = plan.units.filter((item) => item.masked === true).map(({ name }) => name);
    expect(masked).toEqual([
      'docker.service',
      'docker.socket',
      'nm-cloud-setup.service',
      'nm-cloud-setup.timer',
      'zincati.service',
    ]);
  });

  test('updates and reboots when a FleetLock server lets it', () => {
    const cluster = smallCluster('fedora-coreos', 'proxy: {https: "https://p:3128"}');
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error('no node');
    const os = { ...node.os, fleetLock: 'http://10.96.0.15/' };
    const locked = adaptedPlan({ ...cluster, nodes: [{ ...node, os }] }, []);
    expect(locked.units.map(({ name }) => name)).not.toContain('zincati.service');
    expect(file(locked, '/etc/zincati/config.d/90-triskel.toml')?.split('\n')).toEqual([
      '[updates]',
      'enabled = true',
      'strategy = "fleet_lock"',
      '',
      '[updates.fleet_lock]',
      'base_url = "http://10.96.0.15/"',
      '',
    ]);
    const proxied = (plan: NodePlan) => plan.dropIns.filter(({ name }) => name === '10-proxy.conf').map((d) => d.unit);
    expect(proxied(locked)).toEqual(['rpm-ostreed.service', 'zincati.service']);
    expect(proxied(adaptedPlan(cluster, []))).toEqual(['rpm-ostreed.service']);
  });

  test('labels what lies in /var/opt like what lies in /opt, and what starts containers as a runtime', () => {
    expect(plan.dropIns.find(({ name }) => name === '10-selinux.conf')?.content).toContain(
      'chcon --type=container_runtime_exec_t /opt/bin/containerd ',
    );
    expect(file(plan, '/etc/selinux/targeted/contexts/files/file_contexts.subs')).toBe('/var/opt /opt\n');
  });

  test('tells the image’s chrony of the time servers, and NetworkManager of what is not its own', () => {
    expect(file(plan, '/etc/chrony.conf')).toMatch(/^server ntp1.example.org iburst\n/);
    expect(file(plan, '/etc/NetworkManager/conf.d/90-triskel.conf')).toBe(
      '[keyfile]\nunmanaged-devices=interface-name:cni*;interface-name:flannel*;interface-name:veth*;interface-name:cali*;interface-name:vxlan.calico;interface-name:vxlan-v6.calico;interface-name:cilium*;interface-name:lxc*\n',
    );
  });

  test('refuses what its image cannot have', () => {
    const core: PlanItem = { kind: 'user', name: 'core', sshKeys: [], sudo: false };
    expect(diagnosticsOf('fedora-coreos', [{ kind: 'package', name: 'haproxy' }, core])).toEqual([
      'plan/not-on-this-system: Fedora CoreOS cannot have haproxy: its image has no haproxy; it runs there as a static pod',
      'plan/not-on-this-system: on Fedora CoreOS, core can always become root',
    ]);
  });
});

describe('packages', () => {
  const conf = '/etc/apt/apt.conf.d/90-triskel-repositories';
  const sources = (system: System, more: string): string =>
    file(adaptedPlan(smallCluster(system, more), []), '/etc/triskel/apt/triskel.sources') ?? '';
  const MIRROR = 'packages: {mirror: "http://mirror.example.org/files/"}';

  test('without a mirror the image’s own repositories stay', () => {
    for (const system of ['debian', 'ubuntu'] as const)
      expect(file(adaptedPlan(smallCluster(system), []), conf)).toBeUndefined();
    const rocky = adaptedPlan(smallCluster('rocky'), []);
    expect(rocky.files.map(({ path }) => path).filter((path) => /yum|dnf/.test(path))).toEqual([]);
  });

  test('with a mirror apt asks nothing else', () => {
    expect(file(adaptedPlan(smallCluster('debian', MIRROR), []), conf)).toBe(
      'Dir::Etc::SourceList "/dev/null";\nDir::Etc::SourceParts "/etc/triskel/apt";\n',
    );
    expect(sources('debian', MIRROR)).toContain(
      'Types: deb\nURIs: http://mirror.example.org/files/deb.debian.org/debian\nSuites: trixie trixie-updates\n' +
        'Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n',
    );
    expect(sources('ubuntu', MIRROR)).toContain('URIs: http://mirror.example.org/files/security.ubuntu.com/ubuntu\n');
    expect(sources('ubuntu', MIRROR)).not.toContain('ports.ubuntu.com');
  });

  test('with a mirror dnf asks nothing else', () => {
    const plan = adaptedPlan(smallCluster('rocky', MIRROR), []);
    expect(file(plan, '/etc/dnf/dnf.conf')).toContain('\nreposdir=/etc/triskel/yum.repos.d\n');
    const repositories = file(plan, '/etc/triskel/yum.repos.d/triskel.repo') ?? '';
    expect(repositories.match(/^baseurl=.*$/gm)).toEqual([
      'baseurl=http://mirror.example.org/files/dl.rockylinux.org/pub/rocky/9/BaseOS/$basearch/os/',
      'baseurl=http://mirror.example.org/files/dl.rockylinux.org/pub/rocky/9/AppStream/$basearch/os/',
    ]);
  });

  test('a repository that Rocky Linux has switched off is there for the package that needs it', () => {
    const plan = adaptedPlan(smallCluster('rocky'), [{ kind: 'package', name: 'pacemaker' }]);
    expect(file(plan, '/etc/yum.repos.d/triskel.repo')).toBe(
      '[triskel-HighAvailability]\nname=HighAvailability\n' +
        'baseurl=http://dl.rockylinux.org/pub/rocky/9/HighAvailability/$basearch/os/\n' +
        'gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-Rocky-9\n\n',
    );
    expect(file(plan, '/etc/dnf/dnf.conf')).toBeUndefined();
  });

  test('dnf has one proxy, and none for a mirror that is reached directly', () => {
    const proxy = 'proxy: {http: "http://p:3128", exempt: [mirror.example.org]}';
    expect(file(adaptedPlan(smallCluster('rocky', proxy), []), '/etc/dnf/dnf.conf')).toContain(
      '\nproxy=http://p:3128\n',
    );
    const direct = adaptedPlan(smallCluster('rocky', `${proxy}\n${MIRROR}`), []);
    expect(file(direct, '/etc/dnf/dnf.conf')).not.toContain('proxy=');
  });

  test('that the image has are looked for, and not installed', () => {
    const plan = adaptedPlan(smallCluster('rocky', 'packages: {source: image}'), [
      { kind: 'package', name: 'pacemaker' },
    ]);
    expect(plan.packages.every(({ shipped }) => shipped === true)).toBe(true);
    expect(file(plan, '/etc/yum.repos.d/triskel.repo')).toBeUndefined();
  });

  test('on Ubuntu restart nothing, and ask nothing, when they are installed', () => {
    expect(file(adaptedPlan(smallCluster('ubuntu'), []), '/etc/needrestart/conf.d/90-triskel.conf')).toContain(
      "$nrconf{restart} = 'l';\n",
    );
  });
});
