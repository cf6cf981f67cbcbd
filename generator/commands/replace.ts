import { didYouMean } from '../base/suggestions.ts';
import type { Cluster, ClusterNode } from '../cluster/cluster.ts';
import { readCluster } from '../compile.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { pause } from '../host/clock.ts';
import type { Machine } from '../host/lab/machine.ts';
import { replacementSteps, type ReplacementStep } from '../upgrade/replacement.ts';
import { blueprintsOr } from './blueprints.ts';
import { chosenLab, type LabOptions } from './lab-choose.ts';
import { table } from './table.ts';
import type { Context, ExitCode, Outcome } from './context.ts';

/** `triskel replace <node> [blueprint]`: the steps that put a new etcd member in the place of a lost one; with --lab, made. */
export async function replace(
  name: string,
  named: string | undefined,
  options: LabOptions,
  context: Context,
): Promise<ExitCode> {
  const found = findNode(name, named);
  if (found.value === undefined) return context.tell({ diagnostics: found.diagnostics });
  const { cluster, node, locate } = found.value;
  const steps = replacementSteps(cluster, node);
  if (steps.value === undefined)
    return context.tell({ diagnostics: steps.diagnostics, ...(locate === undefined ? {} : { locate }) });
  if (options.lab === undefined)
    return context.tell({
      text: textOf(node, steps.value),
      value: { node: name, cluster: cluster.name, steps: steps.value },
    });
  const lab = chosenLab(options);
  if (lab.value === undefined) return context.tell({ diagnostics: lab.diagnostics });
  const failed = await runSteps(steps.value, lab.value.machines(), context);
  const text = failed.length > 0 ? '' : `${name} is an etcd member again\n`;
  return context.tell({ text, value: { node: name, cluster: cluster.name, lab: lab.value.name }, diagnostics: failed });
}

/** Makes the steps on a lab's machines, one after the other, until one fails. */
export async function runSteps(
  steps: readonly ReplacementStep[],
  machines: ReadonlyMap<string, Machine>,
  context: Context,
): Promise<readonly Diagnostic[]> {
  for (const { on, does, command } of steps) {
    context.event(`on ${on}: ${command}`, { event: 'step', node: on, does, command });
    const machine = machines.get(on);
    if (machine === undefined) return [diagnostic('cli/unknown-node', `there is no node ${on} in this lab`)];
    let { code, output } = await machine.run('sh', '-c', command);
    // etcd changes its members only once all of them have been connected for five seconds (etcd, "strict-reconfig-check").
    for (let tries = 0; code !== 0 && tries < 10; tries++) {
      await pause(2000);
      ({ code, output } = await machine.run('sh', '-c', command));
    }
    if (code !== 0) return [diagnostic('replace/failed', `${does}: ${output.trim().split('\n').at(-1) ?? ''}`)];
  }
  return [];
}

interface Found extends Pick<Outcome, 'locate'> {
  readonly cluster: Cluster;
  readonly node: ClusterNode;
}

/** The guard names the node alone: its blueprint is the only one that has it. */
function findNode(name: string, named: string | undefined): Checked<Found> {
  const files = blueprintsOr(named === undefined ? [] : [named]);
  if (files.value === undefined) return { value: undefined, diagnostics: files.diagnostics };
  const read = files.value.map((file) => ({ file, ...readCluster(file, blueprintFiles()) }));
  const broken = read.flatMap(({ diagnostics, cluster }) =>
    cluster === undefined && named !== undefined ? diagnostics : [],
  );
  if (blocks(broken)) return { value: undefined, diagnostics: broken };
  const found = read.flatMap(({ file, cluster, locate }) =>
    (cluster?.nodes ?? [])
      .filter((node) => node.name === name)
      .map((node) => ({ file, cluster: cluster as Cluster, node, locate })),
  );
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return { value: first, diagnostics: [] };
  if (first === undefined) {
    const names = read.flatMap(({ cluster }) => cluster?.nodes.map((node) => node.name) ?? []);
    return {
      value: undefined,
      diagnostics: [diagnostic('cli/unknown-node', `there is no node ${name}.${didYouMean(name, names)}`)],
    };
  }
  const text = `several blueprints have a node ${name}: ${found.map(({ file }) => file).join(', ')}`;
  return { value: undefined, diagnostics: [diagnostic('replace/which-blueprint', text)] };
}

function textOf({ name }: ClusterNode, steps: readonly ReplacementStep[]): string {
  const rows = steps.map(({ on, does, command }, index) => [
    String(index + 1),
    on,
    `sudo sh -c '${command.replaceAll("'", `'\\''`)}'`,
    does,
  ]);
  return [
    `${name} has lost the data of its etcd member. Once it is booted from its payload and its console says that etcd stays off,`,
    'run these, one after the other; do not go on when one fails.\n',
    table(['', 'on', 'run', 'then'], rows),
  ].join('\n');
}
