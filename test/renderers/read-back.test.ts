import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { rendererFor } from '../../generator/renderers/index.ts';
import { adaptedPlan, items, planOf, rendererOf, smallCluster, SYSTEMS } from '../support/plans.ts';
import { readBack, type ReadBack } from '../support/read-back.ts';

/** What the plan says, in the terms of a machine after its first boot. */
function expected(plan: NodePlan): ReadBack {
  const units = '/etc/systemd/system';
  const files = [
    ...plan.files.map(({ path, mode, content }) => [path, { mode, content }] as const),
    ...plan.units.flatMap(({ name, content }) =>
      content === undefined ? [] : [[`${units}/${name}`, { mode: 0o644, content }] as const],
    ),
    ...plan.dropIns.map(({ unit, name, content }) => [`${units}/${unit}.d/${name}`, { mode: 0o644, content }] as const),
  ];
  return {
    files: Object.fromEntries(files),
    enabled: plan.units.filter((unit) => unit.enabled).map(({ name }) => name),
    masked: plan.units.filter((unit) => unit.masked).map(({ name }) => name),
    directories: Object.fromEntries(plan.directories.map(({ path, mode }) => [path, mode])),
    links: Object.fromEntries(plan.links.map(({ path, target }) => [path, target])),
    users: Object.fromEntries(plan.users.map(({ name, sshKeys, sudo }) => [name, { sshKeys, sudo }])),
  };
}

/** Written for the time of the first boot only. */
const TRANSIENT = '/usr/sbin/policy-rc.d';

function readWithoutTransient(format: 'ignition' | 'cloud-init', payload: Uint8Array, plan: NodePlan): ReadBack {
  const read = readBack(format, payload, (path) => {
    const file = plan.files.find((each) => each.path === path);
    if (file === undefined) throw new Error(`the plan has no ${path}`);
    return file.content;
  });
  const { [TRANSIENT]: _transient, ...files } = read.files;
  return { ...read, files };
}

describe.each(SYSTEMS)('a plan on %s', (system) => {
  const plan = adaptedPlan(smallCluster(system), items);
  const renderer = rendererOf(system);

  test('is what the payload for review says', () => {
    const payload = Buffer.from(renderer.reviewed(plan));
    expect(readWithoutTransient(renderer.format, payload, plan)).toEqual(expected(plan));
  });

  test.each(renderer.encodings)('is what the sealed payload says, %s', (encoding) => {
    const payload = renderer.sealed(plan, encoding);
    expect(readWithoutTransient(renderer.format, payload, plan)).toEqual(expected(plan));
    expect(renderer.sealed(plan, encoding)).toEqual(payload);
  });

  test('is smaller with every further encoding', () => {
    const sizes = renderer.encodings.map((encoding) => renderer.sealed(plan, encoding).length);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(new Set(sizes).size).toBe(sizes.length);
  });
});

describe.each(['ignition', 'cloud-init'] as const)('any text through %s', (format) => {
  const renderer = rendererFor(format);
  const cluster = smallCluster(format === 'ignition' ? 'flatcar' : 'debian');
  const awkward = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(' ', '\t', '\n', '\r', ':', '#', '-', '"', "'", '\\', '%', '\u0085', '\u2028', '='),
    }),
    fc.constantFrom(
      'yes',
      '012',
      '0o7',
      '1_000',
      '12:30:45',
      '2001-01-01',
      '~',
      'null',
      '=',
      '<<',
      '*a',
      '&a',
      '!!x',
      '|',
      '>-',
    ),
  );

  test.each(renderer.encodings)('comes back as it was, %s', (encoding) => {
    fc.assert(
      fc.property(awkward, (content) => {
        const plan = planOf(cluster, [
          { kind: 'file', path: '/a', mode: 0o600, content },
          { kind: 'unit', name: 'a.service', enabled: false, content },
        ]);
        for (const payload of [renderer.sealed(plan, encoding), Buffer.from(renderer.reviewed(plan))]) {
          const { files } = readWithoutTransient(format, payload, plan);
          expect(files['/a']?.content).toBe(content);
          expect(files['/etc/systemd/system/a.service']?.content).toBe(content);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});
