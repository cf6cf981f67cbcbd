/** systemd's own reading of the units, and of the names that mount units must have. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unitNameOfPath } from '../../generator/base/systemd.ts';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { hole } from '../../generator/secrets/holes.ts';
import { adaptedPlan, items, smallCluster, SYSTEMS, type System } from '../support/plans.ts';
import { run } from '../support/programs.ts';
import { verifyUnits, writeUnitRoot } from '../support/unit-root.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-units-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function complaints(system: System, title: string, more: readonly PlanItem[]): string {
  const plan = adaptedPlan(smallCluster(system), [
    ...items.filter(({ kind }) => kind !== 'filesystem' && kind !== 'unit' && kind !== 'drop-in'),
    {
      kind: 'unit',
      name: 'triskel.target',
      enabled: true,
      content: '[Unit]\nDescription=All\n[Install]\nWantedBy=multi-user.target\n',
    },
    ...more,
  ]);
  const root = join(folder, `${system}-${title}`);
  writeUnitRoot(plan, root);
  return verifyUnits(plan, root);
}

const disk = (device: string, path: string): PlanItem => ({
  kind: 'filesystem',
  device,
  path,
  format: 'ext4',
  label: 'etcd',
});

describe.each(SYSTEMS)('on %s systemd has nothing to say', (system) => {
  test('of the units', () => {
    expect(complaints(system, 'plain', [disk('/dev/disk/by-id/virtio-a%b', '/var/lib/a-b/etcd')])).toBe('');
  });

  test('of units with holes', () => {
    const device = `/dev/disk/by-id/virtio-${hole('openstack', 'etcd-volume-serial.master0')}`;
    expect(complaints(system, 'holes', [disk(device, '/var/lib/etcd')])).toBe('');
  });
});

test('systemd tells of mistakes', () => {
  const unit = (name: string, content: string): PlanItem => ({ kind: 'unit', name, enabled: false, content });
  expect(complaints('flatcar', 'key', [unit('a.service', '[Service]\nExecStrat=/bin/true\n')])).toContain('ExecStrat');
  const missing = unit('b.service', '[Service]\nExecStart=/opt/triskel/nothing\n');
  expect(complaints('flatcar', 'program', [missing])).toContain('/opt/triskel/nothing is not executable');
  const misnamed = unit('etcd.mount', '[Mount]\nWhat=/dev/vdb\nWhere=/var/lib/etcd\n');
  expect(complaints('flatcar', 'name', [misnamed])).toContain("Where= setting doesn't match unit name");
});

test('mount units are named as systemd-escape names them', () => {
  const step = fc.string({
    unit: fc.constantFrom(...'a Z 0 9 : _ . - \\ @ % # ü $'.split(' '), ' '),
    minLength: 1,
    maxLength: 6,
  });
  const paths = fc
    .sample(fc.array(step, { maxLength: 4 }), { numRuns: 200, seed: 3 })
    .filter((steps) => !steps.some((each) => each === '.' || each === '..'))
    .map((steps) => `/${steps.join('/')}`);
  const { output } = run('systemd-escape', ['--path', '--suffix=mount', ...paths]);
  expect(paths.map((path) => unitNameOfPath(path, 'mount'))).toEqual(output.trim().split(' '));
});
