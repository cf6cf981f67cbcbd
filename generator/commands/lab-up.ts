import { counted } from '../base/counted.ts';
import { didYouMean } from '../base/suggestions.ts';
import { compile } from '../compile.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { pause, stopwatch } from '../host/clock.ts';
import type { Lab } from '../host/lab/lab.ts';
import { shuffled } from '../host/random.ts';
import { watchBoots } from './lab-boots.ts';
import { raiseLab, type Raised } from './lab-raise.ts';
import { isReady, type Ready } from './generation.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';

export interface LabUpOptions {
  /** Name of the lab; default: the cluster's. */
  readonly name?: string;
  /** Seconds by node. */
  readonly delay?: Readonly<Record<string, number>>;
  readonly random?: boolean;
  /** The user's folder of upstream files. */
  readonly mirror?: string;
  /** Seconds that the nodes have to complete their boots. */
  readonly timeout: number;
  readonly wait: boolean;
}

/** `triskel lab up <blueprint> [node…]`: boots the nodes, or those that are named in that order, and watches them. */
export async function labUp(
  file: string,
  named: readonly string[],
  options: LabUpOptions,
  context: Context,
): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { diagnostics, locate } = compilation;
  if (!isReady(compilation)) return context.tell({ diagnostics, locate });
  const order = orderOf(compilation, named, options);
  if (order.value === undefined) return context.tell({ diagnostics: order.diagnostics, locate });
  const seconds = stopwatch();
  const raised = await raiseLab(
    file,
    compilation,
    { name: options.name ?? compilation.cluster.name, own: options.mirror },
    context,
  );
  if (raised.value === undefined) return context.tell({ diagnostics: [...diagnostics, ...raised.diagnostics] });
  const { lab } = raised.value;
  const outcomes = await bootAll(raised.value, order.value, options, context);
  lab.keep();
  const open = [...outcomes].filter(([, outcome]) => outcome !== 'complete').map(([name]) => name);
  const unfinished = !options.wait || open.length === 0 ? [] : [unfinishedNodes(open, options.timeout)];
  return context.tell({
    text: `${lab.name}: ${counted(outcomes.size, 'node')}, ${String(outcomes.size - open.length)} complete, in ${seconds().toFixed(1)} s\n${hints(lab)}`,
    value: { event: 'up', lab: lab.name, nodes: Object.fromEntries(outcomes), differences: raised.value.notes },
    diagnostics: unfinished,
    exitCode: unfinished.length > 0 ? EXIT.mistake : EXIT.ok,
  });
}

/** The nodes to boot, in their order. */
function orderOf(
  { cluster }: Ready,
  named: readonly string[],
  { delay = {}, random = false }: LabUpOptions,
): Checked<readonly string[]> {
  const all = cluster.nodes.map(({ name }) => name);
  const unknown = [...named, ...Object.keys(delay)].filter((name) => !all.includes(name));
  const diagnostics = unknown.map((name) =>
    diagnostic('cli/unknown-node', `there is no node ${name}.${didYouMean(name, all)}`),
  );
  const order = named.length > 0 ? [...new Set(named)] : all;
  return { value: blocks(diagnostics) ? undefined : random ? shuffled(order) : order, diagnostics };
}

async function bootAll(
  { machines }: Raised,
  order: readonly string[],
  { delay = {}, timeout, wait }: LabUpOptions,
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const chosen = order.flatMap((name) => machines.get(name) ?? []);
  const late = new Set(Object.keys(delay));
  context.event(
    `boots ${order.map((name) => (delay[name] === undefined ? name : `${name} (${String(delay[name])} s late)`)).join(', ')}`,
    { event: 'boot', order, delay },
  );
  const starting = Promise.all(
    chosen.map(async (machine) => {
      await pause((delay[machine.name] ?? 0) * 1000);
      await machine.start();
      late.delete(machine.name);
    }),
  );
  const latest = Math.max(0, ...Object.values(delay));
  const outcomes = await watchBoots({ machines: wait ? chosen : [], late, timeout: timeout + latest }, context);
  await starting;
  return wait ? outcomes : new Map(chosen.map(({ name }) => [name, 'started']));
}

function unfinishedNodes(open: readonly string[], timeout: number): Diagnostic {
  return diagnostic('lab/not-complete', `not complete after ${String(timeout)} s: ${open.join(', ')}`);
}

function hints({ name }: Lab): string {
  const commands = ['lab status', 'lab exec <node> -- <command>', 'lab kill <node>', 'lab down'];
  return `It goes on until \`triskel lab down --lab ${name}\`. See also: ${commands.map((each) => `\`triskel ${each}\``).join(', ')}.\n`;
}
