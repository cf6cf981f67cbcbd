/** Ignition's own validator; what it warns of counts as an error. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedBy, refusedBy, VERSIONS, type Refused } from '../../generator/ignition-config-types/test/fixtures.ts';
import { ignition } from '../../generator/renderers/ignition.ts';
import { hole } from '../../generator/secrets/holes.ts';
import { adaptedPlan, inSpec, items, smallCluster } from '../support/plans.ts';
import { NEWER_VALIDATOR, validated } from '../support/ignition.ts';
import { replacement } from '../support/read-back.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-ignition-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Nothing: it is valid, and there is nothing to warn of. */
function complaints(config: string | Uint8Array, validator = 'ignition-validate'): string {
  return validated(validator, config, join(folder, 'config.ign'));
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

  test('in the next version of the spec, which Debian has as an experiment', () => {
    const text = ignition.reviewed(inSpec(plan, '3.4.0'));
    expect(complaints(text)).toContain('unsupported config version');
    expect(complaints(text.replace('"3.4.0"', '"3.4.0-experimental"'))).toBe('');
  });

  test('with a mistake are refused', () => {
    const text = ignition.reviewed(plan);
    expect(complaints(text.replace('"/etc/hostname"', '"etc/hostname"'))).toContain('path not absolute');
    expect(complaints(text.replaceAll('WantedBy=triskel.target', ''))).toContain('no install section');
    expect(complaints(text.replace('"overwrite"', '"overwrit"'))).toContain('Unused key');
  });
});

describe('the fixtures of ignition-config-types', () => {
  heldAgainst('3.3.0', 'ignition-validate');

  // Debian's validator knows 3.4.0 as an experiment only, in which special permission bits worked and LUKS had less.
  test.each(acceptedBy('3.3.0'))('it accepts %s as 3.4.0-experimental', (_title, config) => {
    expect(complaints(JSON.stringify(config).replace('"3.3.0"', '"3.4.0-experimental"'))).toBe('');
  });
});

describe.each(VERSIONS)("Ignition 2.26's validator (TRISKEL_IGNITION_NEWER), %s", (version) => {
  // One test that is skipped, and not one for every fixture.
  if (NEWER_VALIDATOR !== '') heldAgainst(version, NEWER_VALIDATOR);

  test.skipIf(NEWER_VALIDATOR === '')('it accepts what is generated, for review and sealed', () => {
    const plan = inSpec(adaptedPlan(smallCluster('flatcar'), items), version);
    const texts = [ignition.reviewed(plan), ...ignition.encodings.map((encoding) => ignition.sealed(plan, encoding))];
    for (const text of [...texts, replacement(ignition.sealed(plan, 'gzip-whole'))])
      expect(complaints(text, NEWER_VALIDATOR)).toBe('');
  });
});

/** The fixtures of one version against a validator that knows it. */
function heldAgainst(version: (typeof VERSIONS)[number], validator: string): void {
  const isStricter = ([, { stricter }]: [string, Refused]): boolean => stricter === true;
  const refused = refusedBy(version);

  test.each(acceptedBy(version))('it accepts %s', (_title, config) => {
    expect(complaints(JSON.stringify(config), validator)).toBe('');
  });

  test.each(refused.filter((fixture) => !isStricter(fixture)))(
    'it refuses %s, or warns of it',
    (_title, { config }) => {
      expect(complaints(JSON.stringify(config), validator)).not.toBe('');
    },
  );

  test.each(refused.filter(isStricter))('it takes %s, where the schema is stricter', (_title, { config }) => {
    expect(complaints(JSON.stringify(config), validator)).toBe('');
  });
}
