import type { Config, Version } from 'ignition-config-types';
import { added, refusedSince } from './later.ts';

/** Oldest first. */
export const VERSIONS: readonly Version[] = ['3.3.0', '3.4.0', '3.5.0', '3.6.0'];

/** What is refused. `stricter`: Ignition's own validator takes it. */
export interface Refused {
  readonly config: unknown;
  readonly stricter?: true;
  /** The first version that takes it. */
  readonly until?: Version;
}

/** What the schema of a version, and Ignition's own validator, take without a warning. */
export function acceptedBy(version: Version): [title: string, config: unknown][] {
  const since = Object.entries(added).filter(([, config]) => config.ignition.version <= version);
  return [...Object.entries(accepted), ...since].map(([title, config]) => [title, at(version, config)]);
}

/** What the schema of a version refuses; what a later version added among it. */
export function refusedBy(version: Version): [title: string, refused: Refused][] {
  const always = Object.entries(refused).filter(([, { until }]) => until === undefined || version < until);
  const later = Object.entries(added).filter(([, config]) => config.ignition.version > version);
  const since = Object.entries(refusedSince).filter(([, config]) => config.ignition.version <= version);
  return [
    ...always.map(([title, given]): [string, Refused] => [title, { ...given, config: at(version, given.config) }]),
    ...later.map(([title, config]): [string, Refused] => [`${title}, too early`, { config: at(version, config) }]),
    ...since.map(([title, config]): [string, Refused] => [title, { config: at(version, config) }]),
  ];
}

/** The same config at another version; one without a known version is left as it is. */
function at(version: Version, config: unknown): unknown {
  const { ignition: section } = config as { ignition?: { version: string } };
  if (section === undefined || !VERSIONS.some((known) => known === section.version)) return config;
  return { ...(config as object), ignition: { ...section, version } };
}

const ignition = { version: '3.3.0' } as const;
const sha256 = `sha256-${'0'.repeat(64)}`;

const accepted: Readonly<Record<string, Config>> = {
  'the smallest config': { ignition },
  'every key': {
    ignition: {
      ...ignition,
      config: {
        merge: [{ source: 'https://example.org/a.ign', verification: { hash: sha256 } }],
        replace: { source: 'http://example.org/b.ign', httpHeaders: [{ name: 'X-Key', value: 'v' }] },
      },
      timeouts: { httpResponseHeaders: 10, httpTotal: 0 },
      security: { tls: { certificateAuthorities: [{ source: 'data:,ca' }] } },
      proxy: { httpProxy: 'http://p:3128', httpsProxy: 'https://p:3128', noProxy: ['10.0.0.0/8'] },
    },
    storage: {
      disks: [
        {
          device: '/dev/vdb',
          wipeTable: true,
          partitions: [
            { number: 1, label: 'a', sizeMiB: 100, startMiB: 1, resize: true, wipePartitionEntry: true },
            { label: 'b', typeGuid: '0fc63daf-8483-4772-8e79-3d69d8477de4', guid: '' },
          ],
        },
        { device: '/dev/vdg', partitions: [{ number: 3, shouldExist: false }] },
      ],
      raid: [{ name: 'r', level: 'raid1', devices: ['/dev/vdc', '/dev/vdd'], spares: 0, options: ['--verbose'] }],
      luks: [
        {
          name: 'l',
          device: '/dev/vde',
          keyFile: { source: 'data:,key' },
          label: 'l',
          uuid: 'u',
          options: [],
          wipeVolume: false,
          clevis: { tpm2: true, threshold: 1, tang: [{ url: 'http://tang.example.org', thumbprint: 't' }] },
        },
        { name: 'm', device: '/dev/vdf', clevis: { custom: { pin: 'tpm2', config: '{}', needsNetwork: false } } },
      ],
      filesystems: [
        {
          device: '/dev/disk/by-id/virtio-x',
          path: '/var/lib/etcd',
          format: 'ext4',
          label: 'sixteen-letters-',
          uuid: 'f0bd3a54-8b4a-4c0e-a5ee-2a4f6d9a1b11',
          options: [],
          mountOptions: ['noatime'],
          wipeFilesystem: false,
        },
      ],
      files: [
        {
          path: '/etc/a b/ü',
          mode: 0o644,
          overwrite: true,
          user: { id: 0 },
          group: { name: 'root' },
          contents: { source: 'data:text/plain;base64,YQo=', compression: '', verification: { hash: sha256 } },
        },
        { path: '/etc/named', contents: { source: 'data:;triskel=file,files/etc/named%20so' } },
        { path: '/etc/motd', append: [{ source: 'data:,x', compression: 'gzip' }] },
        { path: '/etc/..hidden', contents: { source: 's3://bucket/key' } },
      ],
      directories: [{ path: '/var/lib/x', mode: 0o700 }],
      links: [{ path: '/etc/localtime', target: '../usr/share/zoneinfo/UTC', overwrite: true, hard: false }],
    },
    systemd: {
      units: [
        {
          name: 'a@.service',
          enabled: true,
          contents: '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
        },
        { name: 'var-lib-a\\x2db.mount', contents: '[Mount]\nWhere=/var/lib/a-b\nWhat=/dev/vdb\n' },
        { name: 'b.service', mask: true },
        { name: 'c.service', dropins: [{ name: '10-c.conf', contents: '[Service]\nRestart=always\n' }] },
      ],
    },
    passwd: {
      users: [
        {
          name: 'core',
          sshAuthorizedKeys: ['ssh-ed25519 AAAA'],
          passwordHash: '*',
          uid: 500,
          gecos: 'g',
          homeDir: '/home/core',
          noCreateHome: false,
          primaryGroup: 'core',
          groups: ['sudo'],
          noUserGroup: false,
          noLogInit: true,
          shell: '/bin/bash',
          shouldExist: true,
          system: false,
        },
      ],
      groups: [{ name: 'g', gid: 600, passwordHash: '', shouldExist: true, system: true }],
    },
    kernelArguments: { shouldExist: ['quiet'], shouldNotExist: ['debug'] },
  },
};

const refused: Readonly<Record<string, Refused>> = {
  'no ignition section': { config: {} },
  'another version': { config: { ignition: { version: '9.0.0' } } },
  'an unknown key at the top': { config: { ignition, storaeg: {} } },
  'an unknown key below': { config: { ignition, storage: { files: [{ path: '/a', contens: {} }] } } },
  'null for a value that is not given': {
    config: { ignition, storage: { files: [{ path: '/a', mode: null }] } },
    stricter: true,
  },
  'a relative path': { config: { ignition, storage: { files: [{ path: 'etc/a' }] } } },
  'a path with ..': { config: { ignition, storage: { directories: [{ path: '/etc/../a' }] } } },
  'a path that ends in a slash': { config: { ignition, storage: { directories: [{ path: '/etc/' }] } } },
  'a path with an empty step': { config: { ignition, storage: { directories: [{ path: '/etc//a' }] } } },
  'a path that is no text': { config: { ignition, storage: { files: [{ path: 1 }] } } },
  'a mode beyond 0777': { config: { ignition, storage: { files: [{ path: '/a', mode: 0o1777 }] } }, until: '3.6.0' },
  'a negative mode': { config: { ignition, storage: { files: [{ path: '/a', mode: -1 }] } } },
  'a mode as text': { config: { ignition, storage: { files: [{ path: '/a', mode: '0644' }] } } },
  'overwrite without contents': { config: { ignition, storage: { files: [{ path: '/a', overwrite: true }] } } },
  'an unknown URL scheme': {
    config: { ignition, storage: { files: [{ path: '/a', contents: { source: 'ftp://h/a' } }] } },
  },
  'a path as source': { config: { ignition, storage: { files: [{ path: '/a', contents: { source: 'files/a' } }] } } },
  'a data URL with a blank': {
    config: { ignition, storage: { files: [{ path: '/a', contents: { source: 'data:,a b' } }] } },
  },
  'an unknown compression': {
    config: { ignition, storage: { files: [{ path: '/a', contents: { source: 'data:,', compression: 'xz' } }] } },
  },
  'headers with a data URL': {
    config: {
      ignition,
      storage: { files: [{ path: '/a', contents: { source: 'data:,', httpHeaders: [{ name: 'n', value: 'v' }] } }] },
    },
  },
  'a hash without its kind': {
    config: {
      ignition,
      storage: { files: [{ path: '/a', contents: { source: 'data:,', verification: { hash: '0'.repeat(64) } } }] },
    },
  },
  'a hash that is too short': {
    config: {
      ignition,
      storage: { files: [{ path: '/a', contents: { source: 'data:,', verification: { hash: 'sha512-00' } } }] },
    },
  },
  'an owner by id and by name': {
    config: { ignition, storage: { files: [{ path: '/a', user: { id: 1, name: 'a' } }] } },
  },
  'a link without a target': { config: { ignition, storage: { links: [{ path: '/a' }] } } },
  'a filesystem of an unknown format': {
    config: { ignition, storage: { filesystems: [{ device: '/dev/a', format: 'ntfs' }] } },
  },
  'a path without a format': { config: { ignition, storage: { filesystems: [{ device: '/dev/a', path: '/a' }] } } },
  'an ext4 label of 17 letters': {
    config: { ignition, storage: { filesystems: [{ device: '/dev/a', format: 'ext4', label: 'a'.repeat(17) }] } },
  },
  'a partition without number and label': {
    config: { ignition, storage: { disks: [{ device: '/dev/a', partitions: [{ sizeMiB: 1 }] }] } },
  },
  'a partition label with a colon': {
    config: { ignition, storage: { disks: [{ device: '/dev/a', partitions: [{ label: 'a:b' }] }] } },
  },
  'a raid without devices': { config: { ignition, storage: { raid: [{ name: 'a', level: 'raid1', devices: [] }] } } },
  'spares of a stripe': {
    config: { ignition, storage: { raid: [{ name: 'a', level: 'raid0', devices: ['/dev/a'], spares: 1 }] } },
  },
  'clevis custom with others': {
    config: {
      ignition,
      storage: {
        luks: [{ name: 'l', device: '/dev/a', clevis: { tpm2: true, custom: { pin: 'tpm2', config: '{}' } } }],
      },
    },
  },
  'a unit without a suffix': { config: { ignition, systemd: { units: [{ name: 'a' }] } } },
  'a unit with a strange suffix': { config: { ignition, systemd: { units: [{ name: 'a.svc' }] } } },
  'a unit name with a slash': { config: { ignition, systemd: { units: [{ name: 'a/b.service' }] } }, stricter: true },
  'a drop-in that is no .conf': {
    config: { ignition, systemd: { units: [{ name: 'a.service', dropins: [{ name: 'a.txt', contents: '' }] }] } },
  },
  'a user without a name': { config: { ignition, passwd: { users: [{ uid: 1 }] } }, stricter: true },
  'an http proxy for https': { config: { ignition: { ...ignition, proxy: { httpsProxy: 'http://p' } } } },
};
