import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha512 } from '../../generator/base/digests.ts';
import type { LimitName } from '../../generator/cluster/cluster.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { mapTexts } from '../../generator/nodeplan/texts.ts';
import { choosePayload, fitsOf, type PayloadChoice, type Room } from '../../generator/renderers/payload.ts';
import { pointerText } from '../../generator/renderers/pointer.ts';
import { fillHoles, hole, holeId, type Hole } from '../../generator/secrets/holes.ts';
import { filler } from '../support/filler.ts';
import { adaptedPlan, items, rendererOf, smallCluster, SYSTEMS, type System } from '../support/plans.ts';

const room = (...limits: LimitName[]): Room => ({ limits, serving: undefined });

const LONGEST: Readonly<Record<string, number>> = { cert: 1100, key: 241, value: 60 };
/** Of the length that a secret may have; another text for every hole. */
const specimen = (hole: Hole): string | undefined => {
  const { part } = hole;
  const length = LONGEST[part];
  return length === undefined ? undefined : filler(holeId(hole), length);
};

/** A PEM of at most so many characters, or text that an operator may enter. */
function secret({ part }: Hole): string {
  if (part === 'value') return randomBytes(45).toString('base64');
  const octets = part === 'cert' ? 760 : 138;
  const lines = randomBytes(octets)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  const label = part === 'cert' ? 'CERTIFICATE' : 'PRIVATE KEY';
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`;
}

const sealable = (plan: NodePlan): NodePlan =>
  mapTexts(plan, (text) =>
    fillHoles(
      text,
      (h) => secret(h).slice(0, LONGEST[h.part]),
      () => undefined,
    ),
  );

function planWith(system: System, identities: number, more: readonly PlanItem[] = []): NodePlan {
  const own = Array.from({ length: identities }, (_, index): PlanItem[] => [
    {
      kind: 'file',
      path: `/etc/pki/${String(index)}.crt`,
      mode: 0o600,
      content: `${hole(`i${String(index)}`, 'cert')}\n`,
    },
    {
      kind: 'file',
      path: `/etc/pki/${String(index)}.key`,
      mode: 0o600,
      content: `${hole(`i${String(index)}`, 'key')}\n`,
    },
    {
      kind: 'file',
      path: `/etc/${String(index)}.conf`,
      mode: 0o600,
      content: `password = "${hole(`i${String(index)}`, 'value')}"\n`,
    },
    {
      kind: 'unit',
      name: `u${String(index)}.service`,
      enabled: false,
      content: `[Service]\nEnvironment=A=${hole(`i${String(index)}`, 'value')}\nExecStart=/bin/true\n`,
    },
  ]).flat();
  return adaptedPlan(smallCluster(system), [...items, ...own, ...more]);
}

describe.each(SYSTEMS)('payloads on %s', (system) => {
  const renderer = rendererOf(system);

  test('no sealed payload is larger than its upper bound, nor much smaller', () => {
    for (const identities of [0, 1, 12]) {
      const plan = planWith(system, identities);
      for (const encoding of renderer.encodings) {
        const { upperBoundBytes } = choosePayload(plan, { ...renderer, encodings: [encoding] }, specimen, room());
        for (let round = 0; round < 5; round += 1) {
          const { length } = renderer.sealed(sealable(plan), encoding);
          expect(length).toBeLessThanOrEqual(upperBoundBytes);
          expect(length).toBeGreaterThan(upperBoundBytes * 0.85 - 256);
        }
      }
    }
  });

  test('the smallest step that fits is taken', () => {
    const padding = (bytes: number): PlanItem[] => [
      // Text that compresses to about three quarters.
      { kind: 'file', path: '/etc/padding', mode: 0o644, content: randomText(bytes) },
    ];
    const encoding = (bytes: number): string =>
      choosePayload(planWith(system, 1, padding(bytes)), renderer, specimen, room('openstack')).step;
    const steps = [1000, 30_000, 45_000, 120_000].map(encoding);
    expect(steps[0]).toBe('plain');
    expect(steps.at(-1)).toBe(renderer.encodings.at(-1));
    expect(steps).toEqual([...steps].sort((a, b) => order(renderer.encodings, a) - order(renderer.encodings, b)));
  });

  test('limits that do not count do not matter, and are told', () => {
    const plan = planWith(system, 1, [{ kind: 'file', path: '/p', mode: 0o644, content: randomText(120_000) }]);
    const { step, perLimit } = choosePayload(plan, renderer, specimen, room());
    expect(step).toBe('plain');
    expect(perLimit.openstack.fits).toBe(false);
    expect(perLimit.ec2).toMatchObject({ limit: 16_384, fits: false });
  });

  test('the choice is a function of the plan alone', () => {
    const choose = (): unknown => choosePayload(planWith(system, 3), renderer, specimen, room('openstack'));
    const first = choose();
    choosePayload(planWith(system, 9), renderer, specimen, room('ec2'));
    expect(choose()).toEqual(first);
  });

  test('a hole that nothing fills is counted as it stands', () => {
    const plan = planWith(system, 1);
    const { upperBoundBytes } = choosePayload(plan, renderer, () => undefined, room());
    expect(upperBoundBytes).toBeGreaterThan(renderer.sealed(plan, 'plain').length);
  });
});

const SERVING = { url: 'https://boot.example.org/k8s', ca: undefined, always: false, proxy: undefined };

describe.each(SYSTEMS)('a web server for payloads of %s', (system) => {
  const renderer = rendererOf(system);
  const choose = (plan: NodePlan, names: readonly LimitName[], always = false): PayloadChoice =>
    choosePayload(plan, renderer, specimen, { limits: names, serving: { ...SERVING, always } });

  test('is used for what fits in no other way, and only then', () => {
    const text = (bytes: number): PlanItem => ({ kind: 'file', path: '/p', mode: 0o644, content: randomText(bytes) });
    expect(choose(planWith(system, 1, [text(120_000)]), ['ec2']).step).toBe('pointer');
    expect(choose(planWith(system, 1, [text(120_000)]), []).step).toBe('plain');
    expect(choose(planWith(system, 1), ['ec2']).step).not.toBe('pointer');
    expect(choose(planWith(system, 1), [], true).step).toBe('pointer');
  });

  test('a step is the smallest that fits, its bound holds for any secrets, and so does that of what is served', () => {
    fc.assert(
      fc.property(
        fc.nat(14),
        fc.nat(90_000),
        fc.uniqueArray(fc.constantFrom<LimitName>('openstack', 'ec2')),
        fc.option(fc.boolean(), { nil: undefined }),
        (identities, bytes, names, always) => {
          const content = randomText(bytes);
          const plan = planWith(system, identities, [{ kind: 'file', path: '/p', mode: 0o644, content }]);
          const serving = always === undefined ? undefined : { ...SERVING, always };
          const choice = choosePayload(plan, renderer, specimen, { limits: names, serving });
          const fits = (step: PayloadChoice): boolean => names.every((name) => step.perLimit[name].fits);
          for (const smaller of always === true ? [] : renderer.encodings) {
            if (smaller === choice.step) break;
            const alone = choosePayload(plan, { ...renderer, encodings: [smaller] }, specimen, room(...names));
            expect(fits(alone), smaller).toBe(false);
          }
          const sealed = sealable(plan);
          if (choice.step !== 'pointer') {
            expect(renderer.sealed(sealed, choice.step).length).toBeLessThanOrEqual(choice.upperBoundBytes);
            return;
          }
          const served = renderer.sealed(sealed, 'plain');
          expect(served.length).toBeLessThanOrEqual(choice.servedBytes ?? 0);
          const pointer = pointerText(sealed, renderer, SERVING, sha512(served));
          expect(pointer.length).toBeLessThanOrEqual(choice.upperBoundBytes);
        },
      ),
      { numRuns: 12, seed: 1 },
    );
  });
});

test('OpenStack counts base64, EC2 the bytes themselves', () => {
  expect(fitsOf(49_149).openstack).toEqual({ size: 65_532, limit: 65_535, fits: true });
  expect(fitsOf(49_150).openstack).toEqual({ size: 65_536, limit: 65_535, fits: false });
  expect(fitsOf(16_384).ec2.fits).toBe(true);
  expect(fitsOf(16_385).ec2.fits).toBe(false);
});

function randomText(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length).replace(/.{60}/g, '$&\n');
}

function order(encodings: readonly string[], encoding: string): number {
  return encodings.indexOf(encoding);
}
