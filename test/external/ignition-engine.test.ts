/**
 * Ignition itself writes what the plan says into the root of a machine, twice. It runs once in a machine's life, in the
 * initramfs; the second time is that of a machine that is made anew on a disk which is kept. Disks are left out: filesystems
 * would need devices. Needs root, and a mount namespace of its own for /run.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemFacts } from '../../generator/cluster/systems.ts';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { ignition } from '../../generator/renderers/ignition.ts';
import { treeDisagreements, unitDisagreements } from '../support/booted/agreement.ts';
import { sealedPlans } from '../support/booted/payloads.ts';
import { differences, treeOf } from '../support/booted/tree.ts';
import { ignitionRoot, type IgnitionRoot } from '../support/ignition-root.ts';
import { adaptedPlan, items, smallCluster, SYSTEMS } from '../support/plans.ts';
import { run } from '../support/programs.ts';

const ENGINE = process.env['TRISKEL_IGNITION'] ?? '';

describe.skipIf(ENGINE === '').each(SYSTEMS.filter((system) => systemFacts[system].format === 'ignition'))(
  'Ignition itself (TRISKEL_IGNITION names its engine), %s',
  (system) => {
    let root: IgnitionRoot;
    beforeEach(() => {
      root = ignitionRoot(system);
    });
    afterEach(() => root.remove());

    /** Applies the payload, and holds what is there then against the plan. */
    const applies = async (plan: NodePlan, payload: Uint8Array): Promise<void> => {
      const { code, output } = root.apply(ENGINE, payload);
      expect(code, output).toBe(0);
      expect(treeDisagreements(plan, root.path)).toEqual([]);
      const systemctl = (...args: string[]) => Promise.resolve(run('systemctl', [`--root=${root.path('/')}`, ...args]));
      expect(await unitDisagreements(plan, systemctl)).toEqual([]);
      const preset = readFileSync(root.path('/etc/systemd/system-preset/20-ignition.preset'), 'utf8');
      const enabled = plan.units.filter((unit) => unit.enabled).map(({ name }) => `enable ${name}`);
      expect([...new Set(preset.trim().split('\n'))].sort()).toEqual(enabled.sort());
      for (const { name, sshKeys, sudo } of plan.users) {
        const keys = root.path(`/home/${name}/.ssh/authorized_keys.d/ignition`);
        if (sshKeys.length > 0) expect(readFileSync(keys, 'utf8').trim().split('\n')).toEqual(sshKeys);
        if (name !== 'core') expect(root.groupsOf(name)).toEqual(sudo ? [systemFacts[system].sudoGroup] : []);
      }
    };
    const appliesTwice = async (plan: NodePlan, payload: Uint8Array): Promise<void> => {
      await applies(plan, payload);
      const before = treeOf(root.path('/'));
      await applies(plan, payload);
      // The first has a date; to the second Ignition adds the same lines.
      const changed = differences(before, treeOf(root.path('/')));
      expect([...changed.keys()]).toEqual([
        '/etc/.ignition-result.json',
        '/etc/systemd/system-preset/20-ignition.preset',
      ]);
    };

    test.each(ignition.encodings)('writes the plan, %s', async (encoding) => {
      const plan = adaptedPlan(
        smallCluster(system),
        items.filter(({ kind }) => kind !== 'filesystem'),
      );
      await appliesTwice(plan, ignition.sealed(plan, encoding));
    });

    test('takes no config of a version that it does not know', () => {
      const text = Buffer.from(ignition.sealed(adaptedPlan(smallCluster(system), []), 'plain')).toString();
      expect(root.apply(ENGINE, Buffer.from(text.replace('3.3.0', '3.9.0')))).toMatchObject({ code: 1 });
    });

    test("writes a cluster's nodes as `generate` seals them", async () => {
      const blueprint = parse(readFileSync('blueprints/single-node.yaml', 'utf8')) as object;
      const time = { servers: ['192.0.2.1'] };
      const plans = await sealedPlans(
        { ...blueprint, os: { name: system }, time },
        { offer: () => ({ hashes: {}, supplies: [] }) },
      );
      expect(plans.size).toBe(1);
      for (const { plan, payload } of plans.values()) await appliesTwice(plan, payload);
    });
  },
);
