import { PHASES } from '../../boot-report/phases.ts';
import { sortedBy } from '../../base/order.ts';
import type { PhaseItem, PlanItem } from '../../nodeplan/items.ts';
import script from './report.sh';
import unit from './triskel-report.service.ejs';

/** Phases → the list of them, in the order of the boot, and the script and unit that tell of them on the consoles. */
export function bootReportItems(phases: readonly PhaseItem[]): PlanItem[] {
  const lines = sortedBy(phases, ({ phase }) => String(PHASES.indexOf(phase)).padStart(2, '0')).map(
    ({ phase, unit: name, url }) => `${phase} ${name}${url === undefined ? '' : ` ${url}`}\n`,
  );
  return [
    { kind: 'file', path: '/etc/triskel/phases', mode: 0o644, content: lines.join('') },
    { kind: 'file', path: '/opt/triskel/report', mode: 0o755, content: script },
    { kind: 'unit', name: 'triskel-report.service', enabled: true, content: unit({}) },
  ];
}
