import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodePlan } from '../../generator/nodeplan/nodeplan.ts';
import { run } from './programs.ts';

const UNITS = 'etc/systemd/system';

/**
 * A root folder with the plan's files and units, the units of systemd, and a stub for every other program that a unit
 * starts: `systemd-analyze verify --root` then tells mistakes in the units, and of programs only those of ours.
 */
export function writeUnitRoot(plan: NodePlan, root: string): void {
  const write = (path: string, content: string, mode: number): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    chmodSync(join(root, path), mode);
  };
  cpSync('/usr/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
  for (const { path, content, mode } of plan.files) write(path, content, mode);
  for (const { name, content } of plan.units) if (content !== undefined) write(join(UNITS, name), content, 0o644);
  for (const { unit, name, content } of plan.dropIns) write(join(UNITS, `${unit}.d`, name), content, 0o644);
  for (const { content = '' } of [...plan.units, ...plan.dropIns]) {
    for (const [, program = ''] of content.matchAll(/^Exec[A-Za-z]*=[-+!:@]*(\/\S+)/gm)) {
      const ours = program.startsWith('/opt/triskel/');
      if (!ours && !existsSync(join(root, program))) write(program, '#!/bin/sh\n', 0o755);
    }
  }
}

/** What systemd says of the plan's units: nothing, when it has nothing to say. */
export function verifyUnits(plan: NodePlan, root: string): string {
  const names = plan.units.filter(({ content }) => content !== undefined).map(({ name }) => name);
  const { code, output } = run('systemd-analyze', ['verify', '--man=no', `--root=${root}`, ...names]);
  return code === 0 ? output : `exit ${String(code)}: ${output}`;
}
