import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { OperatingSystem } from '../../generator/cluster/cluster.ts';
import { run, type Run } from './programs.ts';

const PRESET = 'etc/systemd/system-preset/20-ignition.preset';

/** The accounts that the images bring, as far as it matters: flatcar/baselayout; Fedora CoreOS leaves core to Ignition. */
const ACCOUNTS: Readonly<Partial<Record<OperatingSystem['name'], { passwd: string; group: string }>>> = {
  flatcar: {
    passwd: 'core:x:500:500:Flatcar Admin:/home/core:/bin/bash\n',
    group: 'wheel:x:10:root,core\nsudo:x:150:\ndocker:x:233:core\ncore:x:500:\n',
  },
  'fedora-coreos': { passwd: '', group: 'wheel:x:10:\nsudo:x:16:\n' },
};

/** A system's disk before its first boot: systemd's units and the image's accounts. */
export interface IgnitionRoot {
  readonly path: (path: string) => string;
  /** What Ignition does in the initramfs, and then systemd with its presets. The engine needs root and a /run of its own. */
  readonly apply: (engine: string, payload: Uint8Array) => Run;
  /** The account's groups besides its own. */
  readonly groupsOf: (account: string) => readonly string[];
  readonly remove: () => void;
}

const SCRIPT = `set -eu
mount -t tmpfs tmpfs /run
for stage in fetch files; do
  "$1" --platform=file --stage=$stage --root="$2" --config-cache=/run/ignition.json --log-to-stdout
done`;

export function ignitionRoot(system: OperatingSystem['name']): IgnitionRoot {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-ignition-'));
  const root = join(folder, 'root');
  // Ignition writes keys as the account that they are for.
  chmodSync(folder, 0o755);
  const write = (path: string, content: string, mode = 0o644): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), mode);
  };
  const { passwd = '', group = '' } = ACCOUNTS[system] ?? {};
  write('root/etc/passwd', `root:x:0:0:root:/root:/bin/bash\n${passwd}`);
  write('root/etc/group', `root:x:0:\n${group}`);
  write('root/etc/shadow', passwd.replace(/^(\w+):.*$/gm, '$1:*:15887:0:::::'), 0o600);
  if (passwd !== '') {
    mkdirSync(join(root, 'home/core'), { recursive: true });
    chownSync(join(root, 'home/core'), 500, 500);
  }
  if (system === 'fedora-coreos') {
    // ostree's layout: /usr and the root are read-only, /opt leads to /var.
    mkdirSync(join(root, 'var/opt'), { recursive: true });
    symlinkSync('var/opt', join(root, 'opt'));
  }
  write('root/etc/selinux/config', 'SELINUX=disabled\nSELINUXTYPE=none\n');
  cpSync('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
  // Its last step labels files for SELinux.
  write('bin/setfiles', '#!/bin/sh\ncat >/dev/null\n', 0o755);
  return {
    path: (path) => join(root, path),
    apply: (engine, payload) => {
      const config = join(folder, 'config.ign');
      writeFileSync(config, payload);
      const env = { PATH: `${folder}/bin:${process.env['PATH'] ?? ''}`, IGNITION_CONFIG_FILE: config };
      const applied = run('unshare', ['--mount', 'sh', '-c', SCRIPT, 'sh', engine, root], { env });
      if (applied.code !== 0) return applied;
      const units = readFileSync(join(root, PRESET), 'utf8').match(/\S+$/gm) ?? [];
      return run('systemctl', [`--root=${root}`, 'preset', ...units]);
    },
    groupsOf: (account) =>
      readFileSync(join(root, 'etc/group'), 'utf8')
        .split('\n')
        .map((line) => line.split(':'))
        .filter(([, , , members = '']) => members.split(',').includes(account))
        .map(([name = '']) => name)
        .sort(),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
