import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { openLab, runningLabs, sweepLabs } from '../host/lab/lab.ts';
import { unmetRequirements } from '../host/lab/requirements.ts';
import type { Context, ExitCode } from './context.ts';
import { chosenLab, type LabOptions } from './lab-choose.ts';

/** `triskel lab down`: ends a lab, or all of them, and takes away what crashed ones left behind. */
export async function labDown(options: LabOptions & { readonly all?: boolean }, context: Context): Promise<ExitCode> {
  const unmet = unmetRequirements();
  if (unmet.length > 0) return context.tell({ diagnostics: unmet });
  const swept = sweepLabs();
  const chosen = options.all === true ? undefined : chosenLab(options);
  const labs =
    chosen === undefined
      ? runningLabs().flatMap((name) => openLab(name) ?? [])
      : [chosen.value].flatMap((lab) => lab ?? []);
  for (const lab of labs) {
    await context.progress(`${lab.name}: taking it down`);
    await lab.stop();
  }
  const diagnostics: readonly Diagnostic[] =
    chosen?.value === undefined && swept.length === 0 ? (chosen?.diagnostics ?? []) : [];
  const gone = labs.map(({ name }) => name);
  const text = [
    ...gone.map((name) => `${name} is gone\n`),
    ...swept.map((name) => `took away what was left of ${name}\n`),
  ].join('');
  return context.tell({ text, value: { down: gone, swept }, diagnostics });
}
