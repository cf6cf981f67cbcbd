import { openLab, runningLabs, sweepLabs, type Lab } from '../host/lab/lab.ts';
import { readLabFile, type LabFile } from '../host/lab/lab-file.ts';
import type { Machine } from '../host/lab/machine.ts';
import { unmetRequirements } from '../host/lab/requirements.ts';
import type { Context, ExitCode } from './context.ts';
import { lastBoot } from './lab-boots.ts';
import { chosenLab, type LabOptions } from './lab-choose.ts';
import { table } from './table.ts';

interface NodeStatus {
  readonly node: string;
  readonly state: string;
  readonly boot: string;
  readonly roles: string;
  readonly addresses: readonly string[];
  /** Virtual IPs that it has at this moment. */
  readonly holds: readonly string[];
}

/** `triskel lab status`: the labs that run, and how their nodes are. */
export async function labStatus(options: LabOptions, context: Context): Promise<ExitCode> {
  const unmet = unmetRequirements();
  if (unmet.length > 0) return context.tell({ diagnostics: unmet });
  sweepLabs();
  const named = options.lab === undefined ? undefined : chosenLab(options);
  if (named?.value === undefined && named !== undefined) return context.tell({ diagnostics: named.diagnostics });
  const labs = named?.value === undefined ? runningLabs().flatMap((name) => openLab(name) ?? []) : [named.value];
  const shown = await Promise.all(labs.map(statusOf));
  return context.tell({
    text: shown.length === 0 ? 'no lab runs\n' : shown.map(textOf).join('\n'),
    value: {
      labs: shown.map(({ lab, file, nodes }) => ({
        lab: lab.name,
        blueprint: file.blueprint ?? null,
        differences: file.notes,
        nodes,
      })),
    },
  });
}

type Made = Pick<LabFile, 'nodes' | 'virtualIps' | 'notes'> & Partial<LabFile>;

/** A lab whose machines are still being made. */
const NOT_MADE: Made = { nodes: [], virtualIps: [], notes: [] };

async function statusOf(lab: Lab): Promise<{ lab: Lab; file: Made; nodes: NodeStatus[] }> {
  const file = readLabFile(lab) ?? NOT_MADE;
  const machines = lab.machines();
  const nodes = await Promise.all(
    file.nodes.map(async ({ name, roles, addresses }): Promise<NodeStatus> => {
      const machine = machines.get(name);
      const held = machine === undefined ? [] : await addressesOn(machine);
      return {
        node: name,
        state: machine?.isOn() === true ? (machine.isCut() ? 'cut off' : 'on') : 'off',
        boot: machine?.isOn() === true ? (lastBoot(machine)?.outcome ?? 'starting') : '-',
        roles: roles.join(','),
        addresses,
        holds: file.virtualIps.filter((address) => held.includes(address)),
      };
    }),
  );
  return { lab, file, nodes };
}

/** The addresses that a machine has, as `ip` lists them. */
async function addressesOn(machine: Machine): Promise<readonly string[]> {
  if (!machine.isOn()) return [];
  const { output } = await machine.run('ip', '-brief', 'address');
  return [...output.matchAll(/([0-9a-f.:]+)\/\d+/g)].map(([, address = '']) => address);
}

function textOf({ lab, file, nodes }: { lab: Lab; file: Made; nodes: NodeStatus[] }): string {
  const rows = nodes.map(({ node, state, boot, roles, addresses, holds }) => [
    node,
    state,
    boot,
    roles,
    addresses.join(', '),
    holds.join(', '),
  ]);
  const notes = file.notes.map((note) => `not as in the blueprint: ${note}\n`).join('');
  return `${lab.name} (${file.blueprint ?? 'no machines yet'})\n${table(['node', 'power', 'boot', 'roles', 'address', 'holds'], rows)}${notes}`;
}
