import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { DRILLS } from '../drill/drills.ts';
import { examples, type Act } from './act.ts';
import type { DrillOptions } from './drill.ts';
import type { LabOptions } from './lab-choose.ts';
import type { LabConsoleOptions } from './lab-console.ts';
import type { NodeAction } from './lab-node.ts';
import type { LabUpOptions } from './lab-up.ts';

/** `triskel drill`. */
export function addDrillCommand(program: Command, act: Act, blueprint: Argument): void {
  program
    .command('drill')
    .description(
      'boots a blueprint in a lab, breaks it in every way, and measures how long its API is gone; needs root',
    )
    .addHelpText(
      'after',
      examples(
        'triskel drill blueprints/demo.yaml',
        'triskel drill blueprints/demo.yaml --only node-killed node-cut --page drills.md',
      ),
    )
    .addArgument(blueprint)
    .addOption(new Option('--only <drill...>', 'after the cold start, these alone').choices(DRILLS))
    .option('--mirror <folder>', 'as with `lab up`')
    .addOption(
      new Option('--late <time>', 'how late one node of the cold start is').argParser(seconds).default(60, '1m'),
    )
    .addOption(
      new Option('--timeout <time>', 'how long the cluster may take to be well').argParser(seconds).default(300, '5m'),
    )
    .option('--page <file>', 'write the report there, as Markdown')
    .option('--data <file>', 'write the report there, as JSON')
    .action(
      act(async (context, file: string, options: DrillOptions) =>
        (await import('./drill.ts')).drill(file, options, context),
      ),
    );
}

/** `triskel lab` with its commands. */
export function addLabCommands(program: Command, act: Act, blueprint: Argument): void {
  const lab = program
    .command('lab')
    .description('boots the nodes of a blueprint on this machine, to try them and to break them; needs root')
    .addHelpText('after', examples('triskel lab up blueprints/demo.yaml', 'triskel lab status', 'triskel lab down'));
  const command = (name: string, description: string, ...lines: readonly string[]): Command =>
    lab
      .command(name)
      .description(description)
      .addHelpText('after', examples(...lines));
  const node = new Argument('<node>', 'its name in the blueprint');
  const nodes = new Argument('<node...>', 'their names in the blueprint');
  const which = new Option('--lab <name>', 'which lab; may be left out where one runs');

  command(
    'up',
    'boots a blueprint’s nodes, all at once or in the order in which they are named, and shows how far they are',
    'triskel lab up blueprints/demo.yaml',
    'triskel lab up blueprints/demo.yaml --random --delay cp1=60s',
    'triskel lab up blueprints/demo.yaml cp2 cp0',
  )
    .addArgument(blueprint)
    .argument('[node...]', 'which nodes, in which order; default: all')
    .option('--name <name>', 'name of the lab; default: the cluster’s', labName)
    .option('--random', 'in an order of chance')
    .addOption(
      new Option('--delay <node=time>', 'switch a node on later; may be given for several nodes').argParser(delay),
    )
    .option(
      '--mirror <folder>',
      'holds upstream’s files as <host>/<path>; what it has runs in place of Debian’s programs and of stand-ins',
    )
    .addOption(new Option('--timeout <time>', 'how long nodes may take').argParser(seconds).default(600, '10m'))
    .option('--no-wait', 'do not wait for the nodes')
    .action(
      act(async (context, file: string, named: string[], options: LabUpOptions) =>
        (await import('./lab-up.ts')).labUp(file, named, options, context),
      ),
    );

  command('status', 'says which labs run, and how their nodes are', 'triskel lab status', 'triskel lab status --json')
    .addOption(which)
    .action(act(async (context, options: LabOptions) => (await import('./lab-status.ts')).labStatus(options, context)));

  command(
    'verify',
    'asks the lab’s cluster, from within its network, whether it is what the blueprint says; as `triskel verify` does',
    'triskel lab verify',
    'triskel lab verify --json',
  )
    .addOption(which)
    .action(act(async (context, options: LabOptions) => (await import('./lab-verify.ts')).labVerify(options, context)));

  command(
    'exec',
    'runs a command as root on a node; without one, a shell',
    'triskel lab exec cp0',
    'triskel lab exec cp0 -- journalctl --boot --unit=kubelet',
  )
    .addArgument(node)
    .argument('[command...]')
    .addOption(which)
    .action(
      act(async (context, name: string, line: string[], options: LabOptions) =>
        (await import('./lab-exec.ts')).labExec(name, line, options, context),
      ),
    );

  command(
    'console',
    'shows what a node wrote to its console',
    'triskel lab console cp0 --follow',
    'triskel lab console cp0 --report',
  )
    .addArgument(node)
    .option('--follow', 'go on with what it writes from now on')
    .option('--report', 'how its boots went, as `triskel console` says it')
    .addOption(which)
    .action(
      act(async (context, name: string, options: LabConsoleOptions) =>
        (await import('./lab-console.ts')).labConsole(name, options, context),
      ),
    );

  const actions: Readonly<Record<NodeAction, string>> = {
    kill: 'takes the power from nodes',
    stop: 'switches nodes off in order',
    start: 'switches nodes on, with the disks that they had',
    reboot: 'reboots nodes from within',
    cut: 'drops every frame from and to nodes, which go on running',
    heal: 'lets their frames pass again',
    reset: 'gives nodes empty disks and boots them from the same user data',
  };
  for (const [name, description] of Object.entries(actions))
    command(name, description, `triskel lab ${name} cp0`)
      .addArgument(nodes)
      .addOption(which)
      .action(
        act(async (context, named: string[], options: LabOptions) =>
          (await import('./lab-node.ts')).labNode(name as NodeAction, named, options, context),
        ),
      );

  command('down', 'ends a lab, with all that its nodes had', 'triskel lab down', 'triskel lab down --all')
    .addOption(which)
    .option('--all', 'every lab of this machine')
    .action(
      act(async (context, options: LabOptions & { readonly all?: boolean }) =>
        (await import('./lab-down.ts')).labDown(options, context),
      ),
    );
}

function labName(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    throw new InvalidArgumentError('It must be a name such as demo-2.');
  return text;
}

/** "60s", "2m" or a number of seconds. */
function seconds(text: string): number {
  const [, number, unit] = /^(\d{1,6})(s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('It must be a time such as 60s or 2m.');
  return Number(number) * (unit === 'm' ? 60 : 1);
}

function delay(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const [name = '', time] = text.split('=');
  if (time === undefined) throw new InvalidArgumentError('It must be a node and a time, such as cp1=60s.');
  return { ...before, [name]: seconds(time) };
}
