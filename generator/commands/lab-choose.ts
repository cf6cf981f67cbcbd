import { didYouMean } from '../base/suggestions.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { openLab, runningLabs, type Lab } from '../host/lab/lab.ts';
import type { Machine } from '../host/lab/machine.ts';
import { unmetRequirements } from '../host/lab/requirements.ts';

export interface LabOptions {
  /** Its name; may be left out where one lab runs. */
  readonly lab?: string;
}

/** The lab that is meant. Errors: there is none, or several. */
export function chosenLab({ lab: name }: LabOptions): Checked<Lab> {
  const unmet = unmetRequirements();
  if (unmet.length > 0) return { value: undefined, diagnostics: unmet };
  const names = runningLabs();
  const [only] = names;
  const chosen = name ?? (names.length === 1 ? only : undefined);
  const lab = chosen === undefined ? undefined : openLab(chosen);
  if (lab !== undefined) return { value: lab, diagnostics: [] };
  const found =
    name !== undefined
      ? diagnostic('lab/no-lab', `no lab called ${name} runs.${didYouMean(name, names)}`)
      : names.length === 0
        ? diagnostic('lab/no-lab', 'no lab runs')
        : diagnostic('lab/which', `${String(names.length)} labs run: ${names.join(', ')}`);
  return { value: undefined, diagnostics: [found] };
}

/** A node of the lab that is meant. */
export function chosenMachine(
  node: string,
  options: LabOptions,
): Checked<{ readonly lab: Lab; readonly machine: Machine }> {
  const lab = chosenLab(options);
  if (lab.value === undefined) return { value: undefined, diagnostics: lab.diagnostics };
  const machines = lab.value.machines();
  const machine = machines.get(node);
  if (machine !== undefined) return { value: { lab: lab.value, machine }, diagnostics: [] };
  const text = `there is no node ${node} in the lab ${lab.value.name}.${didYouMean(node, [...machines.keys()])}`;
  return { value: undefined, diagnostics: [diagnostic('cli/unknown-node', text)] };
}
