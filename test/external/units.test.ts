/** The control plane's units in systemd's own eyes: what it reads, and how much of the machine each unit could reach. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { components } from '../../generator/components/index.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { adaptedPlan, smallCluster, SYSTEMS } from '../support/plans.ts';
import { run } from '../support/programs.ts';
import { verifyUnits, writeUnitRoot } from '../support/unit-root.ts';

/** In tenths, of at most 100: systemd calls what is below 20 "OK", and an open service of root's has 96. */
const BOUND = 17;
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-program-units-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(SYSTEMS)('on %s', (system) => {
  const cluster = smallCluster(system, 'controlPlane: { runs: systemd }\n');
  const items = cluster.nodes.flatMap((node) =>
    components.flatMap((component): readonly PlanItem[] => component.plan?.(cluster, node) ?? []),
  );
  const plan = adaptedPlan(cluster, items);
  const root = (): string => join(folder, system);

  test('systemd has nothing to say of the units', () => {
    writeUnitRoot(plan, root());
    expect(verifyUnits(plan, root())).toBe('');
    expect(plan.units.map(({ name }) => name)).toEqual(
      expect.arrayContaining(PROGRAMS.map((name) => `${name}.service`)),
    );
  });

  test.each(PROGRAMS)('%s reaches little of the machine', (name) => {
    const { code, output } = exposure(root(), `${name}.service`);
    expect(code, output).toBe(0);
  });
});

test('systemd tells of a unit that reaches more', () => {
  const cluster = smallCluster('debian');
  const content = '[Service]\nUser=etcd\nExecStart=/opt/bin/a\nProtectSystem=strict\n';
  const open = join(folder, 'open');
  writeUnitRoot(adaptedPlan(cluster, [{ kind: 'unit', name: 'a.service', enabled: false, content }]), open);
  expect(exposure(open, 'a.service').code).not.toBe(0);
});

function exposure(root: string, unit: string): { code: number; output: string } {
  const options = ['--offline=true', '--no-pager', `--threshold=${String(BOUND)}`, `--root=${root}`];
  return run('systemd-analyze', ['security', ...options, unit]);
}
