import { diagnostic } from '../diagnostics/diagnostic.ts';
import { readSubject } from '../host/lab/lab-file.ts';
import type { Context, ExitCode } from './context.ts';
import { chosenLab, type LabOptions } from './lab-choose.ts';
import { verification } from './verification.ts';

/** `triskel lab verify`: what `triskel verify` asks, from within the lab's network, and of its machines, too. */
export async function labVerify(options: LabOptions, context: Context): Promise<ExitCode> {
  const chosen = chosenLab(options);
  if (chosen.value === undefined) return context.tell({ diagnostics: chosen.diagnostics });
  const lab = chosen.value;
  const subject = readSubject(lab);
  if (subject === undefined)
    return context.tell({ diagnostics: [diagnostic('lab/not-made', `${lab.name} has no machines yet`)] });
  const elsewhere = await lab.onNetwork();
  if (elsewhere !== undefined) return elsewhere as ExitCode;
  const machines = lab.machines();
  return verification(
    subject,
    {
      notNodes: undefined,
      run: async (node, ...command) => {
        const machine = machines.get(node);
        return machine?.isOn() === true ? (await machine.run(...command)).output : undefined;
      },
    },
    context,
  );
}
