import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Machine } from '../host/lab/machine.ts';
import type { Context, ExitCode } from './context.ts';
import { chosenMachine, type LabOptions } from './lab-choose.ts';

interface Action {
  /** What it says once it is done. */
  readonly done: string;
  /** The state of the power in which it makes sense; undefined: any. */
  readonly power?: 'on' | 'off';
  readonly act: (machine: Machine) => Promise<void>;
}

/** What is done to one node. */
export const NODE_ACTIONS = {
  kill: { done: 'has lost its power', power: 'on', act: (machine) => machine.kill() },
  stop: { done: 'is switched off', power: 'on', act: (machine) => machine.stop() },
  start: { done: 'is switched on', power: 'off', act: (machine) => machine.start() },
  reboot: { done: 'has rebooted', power: 'on', act: (machine) => machine.reboot() },
  cut: { done: 'is cut off the network', act: (machine) => machine.cut() },
  heal: { done: 'is on the network again', act: (machine) => machine.heal() },
  reset: {
    done: 'has an empty disk and boots from its user data',
    act: async (machine) => {
      await machine.reset();
      await machine.start();
    },
  },
} as const satisfies Record<string, Action>;

export type NodeAction = keyof typeof NODE_ACTIONS;

/** `triskel lab kill|stop|start|reboot|cut|heal|reset <node…>`. */
export async function labNode(
  name: NodeAction,
  nodes: readonly string[],
  options: LabOptions,
  context: Context,
): Promise<ExitCode> {
  const { act, done, power }: Action = NODE_ACTIONS[name];
  const chosen = nodes.map((node) => chosenMachine(node, options));
  const diagnostics = [...new Map(chosen.flatMap((each) => each.diagnostics).map((d) => [d.message, d])).values()];
  const machines = chosen.flatMap(({ value }) => value?.machine ?? []);
  for (const machine of machines) {
    const state = machine.isOn() ? 'on' : 'off';
    if (power !== undefined && power !== state)
      diagnostics.push(diagnostic('lab/node-state', `${machine.name} is ${state}`));
  }
  if (diagnostics.length > 0) return context.tell({ diagnostics });
  await Promise.all(machines.map(act));
  const lab = chosen[0]?.value?.lab.name;
  const text = machines.map((machine) => `${machine.name} ${done}\n`).join('');
  return context.tell({ text, value: { lab, action: name, nodes: machines.map((machine) => machine.name) } });
}
