/**
 * Ignition itself writes what the plan says, into a folder. Accounts and disks are left out: they would need a whole
 * system. Needs root, and a mount namespace of its own for /run.
 */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemFacts } from '../../generator/cluster/systems.ts';
import { ignition } from '../../generator/renderers/ignition.ts';
import { adaptedPlan, items, smallCluster, SYSTEMS } from '../support/plans.ts';
import { run } from '../support/programs.ts';

const ENGINE = process.env['TRISKEL_IGNITION'] ?? '';

const SCRIPT = `set -eu
mount -t tmpfs tmpfs /run
for stage in fetch files; do
  "$1" --platform=file --stage=$stage --root="$2" --config-cache=/run/ignition.json --log-to-stdout
done`;

describe.skipIf(ENGINE === '').each(SYSTEMS.filter((system) => systemFacts[system].format === 'ignition'))(
  'Ignition itself (TRISKEL_IGNITION names its engine), %s',
  (system) => {
    const plan = adaptedPlan(
      smallCluster(system),
      items.filter(({ kind }) => kind !== 'filesystem' && kind !== 'user'),
    );
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'triskel-engine-'));
      // Its last step labels files for SELinux.
      writeFileSync(join(folder, 'setfiles'), '#!/bin/sh\ncat >/dev/null\n');
      chmodSync(join(folder, 'setfiles'), 0o755);
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    test.each(ignition.encodings)('writes the plan, %s', (encoding) => {
      const root = join(folder, encoding);
      mkdirSync(join(root, 'etc/selinux'), { recursive: true });
      writeFileSync(join(root, 'etc/selinux/config'), 'SELINUX=disabled\nSELINUXTYPE=none\n');
      if (system === 'fedora-coreos') {
        mkdirSync(join(root, 'var/opt'), { recursive: true });
        symlinkSync('var/opt', join(root, 'opt'));
      }
      const config = join(folder, `${encoding}.ign`);
      writeFileSync(config, ignition.sealed(plan, encoding));
      const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, IGNITION_CONFIG_FILE: config };
      const { code, output } = run('unshare', ['--mount', 'sh', '-c', SCRIPT, 'sh', ENGINE, root], { env });
      expect(code, output).toBe(0);

      const mode = (path: string): number => lstatSync(path).mode & 0o7777;
      for (const file of plan.files) {
        expect(readFileSync(join(root, file.path), 'utf8')).toBe(file.content);
        expect(mode(join(root, file.path))).toBe(file.mode);
      }
      for (const unit of plan.units.filter(({ masked }) => masked !== true)) {
        expect(readFileSync(join(root, 'etc/systemd/system', unit.name), 'utf8')).toBe(unit.content);
      }
      for (const unit of plan.units.filter(({ masked }) => masked === true)) {
        expect(readlinkSync(join(root, 'etc/systemd/system', unit.name))).toBe('/dev/null');
      }
      for (const { unit, name, content } of plan.dropIns) {
        expect(readFileSync(join(root, 'etc/systemd/system', `${unit}.d`, name), 'utf8')).toBe(content);
      }
      for (const directory of plan.directories) expect(mode(join(root, directory.path))).toBe(directory.mode);
      for (const link of plan.links) expect(readlinkSync(join(root, link.path))).toBe(link.target);
      const preset = readFileSync(join(root, 'etc/systemd/system-preset/20-ignition.preset'), 'utf8');
      const enabled = plan.units.filter((unit) => unit.enabled).map(({ name }) => `enable ${name}`);
      expect(preset.trim().split('\n').sort()).toEqual(enabled.sort());
    });
  },
);
