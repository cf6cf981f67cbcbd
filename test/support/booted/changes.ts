import type { NodePlan } from '../../../generator/nodeplan/nodeplan.ts';
import { dropInPath, unitPath } from '../../../generator/renderers/shared/systemd-files.ts';
import type { Tree } from './tree.ts';

/** A pattern of whole paths, and why what lies there may change. */
type Reason = readonly [pattern: RegExp, why: string];

/** Which paths no reason covers. */
export function unexplained(changed: Iterable<string>, reasons: readonly Reason[]): string[] {
  return [...changed].filter((path) => !reasons.some(([{ source }]) => new RegExp(`^(${source})$`).test(path)));
}

/** The plan's own files and links, and the links that enable its units. */
export function plannedPaths({ files, units, dropIns, links }: NodePlan): string[] {
  return [
    ...files.map(({ path }) => path),
    ...units.map(({ name }) => unitPath(name)),
    ...dropIns.map(({ unit, name }) => dropInPath(unit, name)),
    ...links.map(({ path }) => path),
    ...units.flatMap(({ name, content = '' }) => {
      const [, target] = /^WantedBy=(\S+)$/m.exec(content) ?? [];
      return target === undefined ? [] : unitPath(`${target}.wants/${name}`);
    }),
  ];
}

/** What packages brought that the image does not have: their files, and the links that enable their units. */
export function packagePaths(written: Tree, read: (path: string) => string): string[] {
  const paths = [...written.keys()];
  const enabled = '/var/lib/systemd/deb-systemd-helper-enabled/';
  return [
    ...paths
      .filter((path) => /^\/var\/lib\/dpkg\/info\/.*\.list$/.test(path))
      .flatMap((path) => read(path).split('\n')),
    // deb-systemd-helper(1p) remembers each link that it has made.
    ...paths.filter((path) => path.startsWith(enabled)).map((path) => unitPath(path.slice(enabled.length))),
  ];
}

const HOST_KEYS = /\/etc\/ssh\/ssh_host_[a-z0-9]+_key(\.pub)?/;
const SUDOERS = /\/etc\/sudoers\.d\/90-cloud-init-users/;

/** What a first boot changes in /etc besides what is planned. */
export const FIRST_BOOT: readonly Reason[] = [
  [/\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?|\/etc\/\.pwd\.lock/, 'accounts, those of the packages too'],
  [SUDOERS, 'accounts that may become root'],
  [HOST_KEYS, 'keys that every machine makes for itself'],
  [/\/etc\/ssh\/sshd_config\.d\/50-cloud-init\.conf/, 'ssh_pwauth: false'],
  [/\/etc\/machine-id|\/etc\/\.updated/, 'systemd, at the first boot of an image'],
  [/\/etc\/locale\.conf|\/etc\/default\/locale/, "the image's locale"],
  [/\/etc\/netplan\/50-cloud-init\.yaml/, 'the network that the cloud gives'],
  [/\/etc\/apt\/sources\.list/, 'the packages that the tests have'],
  [/\/etc\/kubernetes\/manifests\/etcd\.yaml/, 'the guard let etcd start'],
  [/\/etc\/ld\.so\.cache/, 'libraries of packages'],
  [/\/etc\/rc[0-6]\.d\/[SK]\d\d.*/, 'packages that have an init script'],
  [/\/etc\/.*\.dpkg-dist/, "a package's own configuration, beside ours"],
  [/\/etc\/ssl\/certs\/.*|\/etc\/ca-certificates\.conf/, 'ca-certificates'],
  [
    /\/etc\/systemd\/timesyncd\.conf|\/etc\/mke2fs\.conf/,
    'packages that make their configuration when they are installed',
  ],
];

/** What every boot changes anywhere. */
export const EVERY_BOOT: readonly Reason[] = [
  [/\/var\/log\/.*/, 'logs'],
  [/\/var\/lib\/cloud\/(data|instance|instances|seed)(\/.*)?/, "cloud-init's own memory"],
  [/\/var\/lib\/systemd\/timers\/stamp-.*/, 'when a timer ran last'],
];

/** What cloud-init does anew, anywhere, when the disk comes to another instance. */
export const NEW_INSTANCE: readonly Reason[] = [
  [HOST_KEYS, 'another instance has other host keys'],
  [/\/etc\/shadow-/, 'the passwords are locked once more'],
  [SUDOERS, 'cloud-init 22.4 writes the same rules below the old ones'],
  [/\/var\/cache\/(apt|debconf)\/.*/, 'apt looks for packages once more'],
];
