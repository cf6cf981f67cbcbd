/** Ignition's own validator; what it warns of counts as an error. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accepted, refused } from '../../generator/ignition-config-types/test/fixtures.ts';
import { ignition } from '../../generator/renderers/ignition.ts';
import { hole } from '../../generator/secrets/holes.ts';
import { adaptedPlan, items, smallCluster } from '../support/plans.ts';
import { run } from '../support/programs.ts';
import { replacement } from '../support/read-back.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-ignition-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Nothing: it is valid, and there is nothing to warn of. */
function complaints(config: string | Uint8Array): string {
  const path = join(folder, 'config.ign');
  writeFileSync(path, config);
  const { code, output } = run('ignition-validate', [path]);
  return code === 0 ? output : `exit ${String(code)}: ${output}`;
}

describe('generated configs', () => {
  const plan = adaptedPlan(smallCluster('flatcar'), items);

  test('for review, with holes', () => {
    const holes = adaptedPlan(smallCluster('flatcar'), [
      ...items.filter(({ kind }) => kind !== 'filesystem'),
      {
        kind: 'filesystem',
        device: `/dev/disk/by-id/virtio-${hole('openstack', 'etcd-volume-serial.master0')}`,
        path: '/var/lib/etcd',
        format: 'ext4',
        label: 'etcd',
      },
    ]);
    expect(complaints(ignition.reviewed(holes))).toBe('');
  });

  test.each(ignition.encodings)('sealed, %s', (encoding) => {
    expect(complaints(ignition.sealed(plan, encoding))).toBe('');
  });

  test('gzipped as a whole, and taken out again', () => {
    expect(complaints(replacement(ignition.sealed(plan, 'gzip-whole')))).toBe('');
  });

  test('with a mistake are refused', () => {
    const text = ignition.reviewed(plan);
    expect(complaints(text.replace('"/etc/hostname"', '"etc/hostname"'))).toContain('path not absolute');
    expect(complaints(text.replaceAll('WantedBy=triskel.target', ''))).toContain('no install section');
    expect(complaints(text.replace('"overwrite"', '"overwrit"'))).toContain('Unused key');
  });
});

describe('the fixtures of ignition-config-types', () => {
  test.each(Object.entries(accepted))('it accepts %s', (_title, config) => {
    expect(complaints(JSON.stringify(config))).toBe('');
  });

  test.each(Object.entries(refused).filter(([, { stricter }]) => stricter !== true))(
    'it refuses %s, or warns of it',
    (_title, { config }) => {
      expect(complaints(JSON.stringify(config))).not.toBe('');
    },
  );

  test.each(Object.entries(refused).filter(([, { stricter }]) => stricter === true))(
    'it takes %s, where the schema is stricter',
    (_title, { config }) => {
      expect(complaints(JSON.stringify(config))).toBe('');
    },
  );
});
