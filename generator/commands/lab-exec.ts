import { diagnostic } from '../diagnostics/diagnostic.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { chosenMachine, type LabOptions } from './lab-choose.ts';

/** `triskel lab exec <node> [command…]`: runs it as root on the node, on this terminal; its exit code is the command's. */
export async function labExec(
  node: string,
  command: readonly string[],
  options: LabOptions,
  context: Context,
): Promise<ExitCode> {
  const chosen = chosenMachine(node, options);
  if (chosen.value === undefined) return context.tell({ diagnostics: chosen.diagnostics });
  const { machine } = chosen.value;
  if (!machine.isOn()) return context.tell({ diagnostics: [diagnostic('lab/node-state', `${node} is off`)] });
  if (context.json) {
    const { code, output } = await machine.run(...command);
    return context.tell({ value: { node, code, output }, exitCode: code === 0 ? EXIT.ok : EXIT.mistake });
  }
  const code = await machine.attend(...(command.length === 0 ? ['bash', '-l'] : command));
  return code as ExitCode;
}
