/**
 * The project's own blueprints, booted in a lab and broken: every drill that they can have passes, within its prediction and
 * its target, and what must hold holds. The reports go to the output, and, with TRISKEL_DRILL_REPORTS, into that folder.
 * Needs what lab.test.ts needs.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DrillReport } from '../../generator/drill/report.ts';
import { workplace } from '../support/triskel.ts';

const IMAGES = process.env['TRISKEL_IMAGES'] ?? '';
const REPORTS = process.env['TRISKEL_DRILL_REPORTS'] ?? '';

/** Blueprints, and the drills that they cannot have. */
const BLUEPRINTS: Readonly<Record<string, readonly string[]>> = {
  'haproxy-keepalived': [],
  // A stand-in of k3s has no etcd.
  'k3s-corosync': ['haproxy-killed', 'all-but-one-killed', 'node-replaced'],
  celtas: ['haproxy-killed'],
};

describe.skipIf(IMAGES === '')('drills (TRISKEL_IMAGES)', () => {
  test.each(Object.entries(BLUEPRINTS))(
    'of %s pass',
    (name, notRun) => {
      const file = `${name}.yaml`;
      const files = [file, `${name}.pins.yaml`].filter((each) => existsSync(join('blueprints', each)));
      const place = workplace(
        Object.fromEntries(files.map((each) => [each, readFileSync(join('blueprints', each), 'utf8')])),
      );
      onTestFinished(() => void place.run('lab', 'down', '--lab', `drill-${name}`));
      const { out, err } = place.run('drill', `blueprints/${file}`, '--page', 'drills.md', '--data', 'drills.json');
      const page = existsSync(place.path('drills.md')) ? place.read('drills.md') : '';
      console.log(page === '' ? out + err : page);
      if (REPORTS !== '') {
        mkdirSync(REPORTS, { recursive: true });
        writeFileSync(join(REPORTS, `${name}.md`), page);
      }
      const report = JSON.parse(place.read('drills.json')) as DrillReport;
      const states = report.drills.map(({ drill, state }) => `${drill} ${state}`);
      expect(states).toEqual(
        report.drills.map(({ drill }) => `${drill} ${notRun.includes(drill) ? 'not run' : 'passed'}`),
      );
      expect(report.drills).toHaveLength(9);
      expect(report.invariants.flatMap(({ violations }) => violations)).toEqual([]);
    },
    1_500_000,
  );
});
