import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlanItem } from '../../generator/nodeplan/items.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import { fillHoles } from '../../generator/secrets/holes.ts';
import type { Store } from '../../generator/secrets/store.ts';
import type { Host } from './namespaces.ts';
import { REPORT } from './programs.ts';

/** Writes folders and files of a plan, holes filled, where the host sees them; a file that stands there is replaced. */
export function installItems(items: readonly PlanItem[], host: Host, store: Store): void {
  const fill = fillFrom(store);
  for (const item of items) {
    if (item.kind === 'directory') mkdirSync(join(host.root, item.path), { recursive: true, mode: item.mode });
    if (item.kind !== 'file') continue;
    const path = join(host.root, item.path);
    mkdirSync(dirname(path), { recursive: true });
    const content = fillHoles(item.content, fill, ({ name }) => {
      throw new Error(`nothing fills ${name}`);
    });
    writeFileSync(path, content);
    chmodSync(path, item.mode);
  }
  mkdirSync(join(host.root, '/opt/triskel'), { recursive: true });
  copyFileSync(REPORT.TRISKEL_REPORT, join(host.root, '/opt/triskel/report'));
}

/** The commands of a unit of the plan: its ExecStart, ExecStartPre and so on, without prefixes. */
export function commandsOf(items: readonly PlanItem[], unit: string, key: string): string[] {
  const found = items.find((item) => item.kind === 'unit' && item.name === unit);
  const content = found?.kind === 'unit' ? (found.content ?? '') : '';
  return [...content.matchAll(new RegExp(`^${key}=[-+!]*(.+)$`, 'gm'))].map(([, command = '']) => command);
}
