import type { Config } from 'ignition-config-types/v3_3';
import { describe, expect, test } from 'vitest';
import { ignitionVersions } from '../../generator/cluster/ignition.ts';
import { ignition } from '../../generator/renderers/ignition.ts';
import { strictSchema } from '../support/ignition.ts';
import { adaptedPlan, inSpec, items, smallCluster } from '../support/plans.ts';
import { replacement } from '../support/read-back.ts';

const plan = adaptedPlan(smallCluster('flatcar'), items);
const config = JSON.parse(ignition.reviewed(plan)) as Config;
const sources = (sealed: Uint8Array): Map<string, string> => {
  const { storage } = JSON.parse(Buffer.from(sealed).toString('utf8')) as Config;
  return new Map((storage?.files ?? []).map(({ path, contents }) => [path, contents?.source ?? '']));
};

describe.each(ignitionVersions)('a config in version %s of the spec', (version) => {
  const validate = strictSchema(version);
  const own = inSpec(plan, version);

  test('is one by the strict schema, for review and sealed', () => {
    const to = { url: 'https://h/a.ign', sha512: '0'.repeat(128), ca: undefined, proxy: undefined };
    const sealed = ignition.encodings.map((encoding) => ignition.sealed(own, encoding));
    const texts = [ignition.reviewed(own), ignition.pointer(own, to), ...sealed];
    for (const text of [...texts, replacement(ignition.sealed(own, 'gzip-whole'))]) {
      validate(JSON.parse(Buffer.from(text).toString('utf8')));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test('differs from the others in the version alone', () => {
    expect(ignition.reviewed(own)).toBe(ignition.reviewed(plan).replace('"3.3.0"', `"${version}"`));
  });
});

describe('a config for Ignition', () => {
  test('names the unpacked files for review, and holds them when it is sealed', () => {
    const paths = new Map((config.storage?.files ?? []).map(({ path, contents }) => [path, contents?.source]));
    expect(paths.get('/etc/with blank & ümlaut')).toBe('data:;triskel=file,files/etc/with%20blank%20%26%20%C3%BCmlaut');
    const sealed = sources(ignition.sealed(plan, 'plain'));
    expect(sealed.get('/etc/hostname')).toBe('data:,master0%0A');
    expect(sealed.get('/etc/empty')).toBe('data:,');
    expect(sealed.get('/etc/awkward')).toMatch(/^data:;base64,/);
    // What does not become smaller stays as it was.
    expect(sources(ignition.sealed(plan, 'gzip-files')).get('/etc/hostname')).toBe('data:,master0%0A');
  });

  test('leaves core its groups', () => {
    expect(config.passwd?.users?.map(({ name, groups }) => [name, groups])).toEqual([
      ['core', undefined],
      ['guest', undefined],
      ['ops', ['sudo']],
    ]);
  });

  test('formats only what is empty, and says nothing of units that others start', () => {
    expect(config.storage?.filesystems).toEqual([
      {
        device: '/dev/disk/by-id/virtio-x',
        path: '/var/lib/etcd',
        format: 'ext4',
        label: 'etcd',
        wipeFilesystem: false,
      },
    ]);
    const units = new Map((config.systemd?.units ?? []).map((unit) => [unit.name, unit]));
    expect(units.get('b.service')).not.toHaveProperty('enabled');
    expect(units.get('swap.target')).toEqual({ name: 'swap.target', mask: true });
    expect(units.get('a.service')?.dropins?.map(({ name }) => name)).toEqual(['10-a.conf']);
    expect(units.get('sshd.service')).toEqual({ name: 'sshd.service', dropins: [expect.anything()] });
  });

  test('is easy to read for review and small when it is sealed', () => {
    expect(ignition.reviewed(plan)).toMatch(/^\{\n {2}"ignition": \{\n {4}"version": "3\.3\.0"\n/);
    expect(Buffer.from(ignition.sealed(plan, 'plain')).toString('utf8')).not.toContain('\n');
  });
});
