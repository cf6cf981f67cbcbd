import { shownText } from '../boot-report/lines.ts';
import { pause } from '../host/clock.ts';
import type { Context, ExitCode } from './context.ts';
import { chosenMachine, type LabOptions } from './lab-choose.ts';
import { consoleLog } from './console.ts';

export interface LabConsoleOptions extends LabOptions {
  readonly follow?: boolean;
  readonly report?: boolean;
}

/** `triskel lab console <node>`: what the node wrote to its console, or how that says its boots went. */
export async function labConsole(node: string, options: LabConsoleOptions, context: Context): Promise<ExitCode> {
  const chosen = chosenMachine(node, options);
  if (chosen.value === undefined) return context.tell({ diagnostics: chosen.diagnostics });
  const { machine } = chosen.value;
  if (options.report === true) return consoleLog(machine.consoleFile, context);
  const shown = (text: string): string => text.split('\n').map(shownText).join('\n');
  if (options.follow !== true)
    return context.tell({ text: shown(machine.console()), value: { node, console: machine.console() } });
  for (let told = 0; ;) {
    const text = machine.console();
    const end = text.lastIndexOf('\n');
    if (end > told) context.event(shown(text.slice(told, end)), { node, console: text.slice(told, end) });
    told = Math.max(told, end + 1);
    await pause(200);
  }
}
