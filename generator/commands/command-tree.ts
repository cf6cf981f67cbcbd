import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { systemNames } from '../cluster/systems.ts';
import type { DiffOptions } from './diff.ts';
import type { InitOptions } from './init.ts';
import type { IsoOptions } from './iso.ts';
import type { KubeconfigOptions } from './kubeconfig.ts';
import type { PinOptions } from './pin.ts';
import { addCloudCommands } from './cloud-tree.ts';
import type { LabOptions } from './lab-choose.ts';
import { addDrillCommand, addLabCommands } from './lab-tree.ts';
import { addSecretsCommands } from './secrets-tree.ts';
import type { UpgradeOptions } from './upgrade.ts';
import { examples, type Act } from './act.ts';

/** Every command with its arguments, options and examples. */
export function addCommands(program: Command, act: Act): void {
  const command = (name: string, description: string, ...lines: readonly string[]): Command =>
    program
      .command(name)
      .description(description)
      .addHelpText('after', examples(...lines));
  const blueprint = new Argument('<blueprint>', 'the blueprint’s file');
  const blueprints = new Argument('[blueprint...]', 'files; default: every blueprint in blueprints/');
  const output = new Option('--output <folder>', 'holds a folder for each cluster')
    .default('output')
    .argParser(fileName);

  const sarif = new Option('--sarif <file>', 'write all findings to a file, too, as SARIF 2.1.0').argParser(fileName);

  command(
    'init',
    'asks a few questions and writes a blueprint',
    'triskel init',
    'triskel init --name demo --os debian --control-plane 10.0.0.10,10.0.0.11,10.0.0.12 --endpoint 10.0.0.5:6443 --ssh-key ~/.ssh/id_ed25519.pub',
  )
    .argument('[file]', 'default: blueprints/<name>.yaml')
    .option('--name <name>', 'the cluster’s name')
    .addOption(new Option('--os <system>', 'operating system of the nodes').choices(systemNames))
    .option('--control-plane <addresses>', 'addresses of control-plane nodes, separated by commas')
    .option('--worker <addresses>', 'addresses of workers; none: the control plane runs workloads, too')
    .option('--endpoint <host:port>', 'the load balancer before more than one control-plane node')
    .option('--network <cidr>', 'the nodes’ network; default: the /24 or /64 around the first address')
    .option('--ssh-key <key>', 'a public key, or a file *.pub that holds it')
    .option('--force', 'write over a file that is there')
    .action(
      act(async (context, file: string | undefined, options: InitOptions, self: Command) => {
        const { init } = await import('./init.ts');
        return init(file, options, context, (message) => self.error(`error: ${message}`));
      }),
    );

  command(
    'check',
    'finds every mistake in blueprints; writes nothing and opens nothing',
    'triskel check',
    'triskel check blueprints/demo.yaml --json',
    'triskel check --sarif triskel.sarif',
  )
    .addArgument(blueprints)
    .addOption(sarif)
    .action(act(async (context, files: string[]) => (await import('./check.ts')).check(files, context)));

  command(
    'generate',
    'writes output/<cluster>/ and seals boot/',
    'triskel generate',
    'triskel generate blueprints/demo.yaml',
    'triskel generate --check',
  )
    .addArgument(blueprints)
    .addOption(output)
    .addOption(sarif)
    .option('--check', 'write nothing; fail when the output is not what the blueprint generates')
    .action(
      act(async (context, files: string[], options: { readonly check?: boolean }) =>
        (await import('./generate.ts')).generate(files, options, context),
      ),
    );

  command(
    'diff',
    'shows what generate would change, node by node',
    'triskel diff blueprints/demo.yaml',
    'triskel diff blueprints/demo.yaml --exit-code',
  )
    .addArgument(blueprint)
    .addOption(output)
    .option('--exit-code', 'exit with 1 when there is a difference')
    .action(
      act(async (context, file: string, options: DiffOptions) =>
        (await import('./diff.ts')).diff(file, options, context),
      ),
    );

  command(
    'iso',
    'makes boot/<node>.iso (NoCloud) of payloads for cloud-init, for machines without a cloud',
    'triskel iso blueprints/demo.yaml',
    'triskel iso blueprints/demo.yaml cp0 cp1 --network-config networks/',
  )
    .addArgument(blueprint)
    .argument('[node...]', 'default: every node that cloud-init configures')
    .addOption(output)
    .option('--network-config <folder>', 'holds <node>.yaml, the network configuration of each machine')
    .action(
      act(async (context, file: string, nodes: string[], options: IsoOptions) =>
        (await import('./iso.ts')).iso(file, nodes, options, context),
      ),
    );

  command(
    'upgrade',
    'changes a blueprint’s Kubernetes version; says what changes and in what order nodes are made anew',
    'triskel upgrade blueprints/demo.yaml',
    'triskel upgrade --to 1.36.3 --dry-run blueprints/demo.yaml',
    'triskel upgrade --to 1.36.3 blueprints/demo.yaml',
  )
    .addArgument(blueprint)
    .option('--to <version>', 'such as 1.36.3, or 1.36 for its newest patch; default: list where one can go')
    .option('--dry-run', 'show everything, write nothing')
    .addOption(output)
    .action(
      act(async (context, file: string, options: UpgradeOptions, self: Command) => {
        const { upgrade } = await import('./upgrade.ts');
        return upgrade(file, options, context, (message) => self.error(`error: ${message}`));
      }),
    );

  command(
    'replace',
    'says how an etcd member whose data are lost is replaced, step by step; in a lab, does it',
    'triskel replace cp2',
    'triskel replace cp2 blueprints/demo.yaml',
    'triskel replace cp2 blueprints/demo.yaml --lab demo',
  )
    .argument('<node>', 'its name in the blueprint; its console has it')
    .argument('[blueprint]', 'default: the one in blueprints/ that has the node')
    .option('--lab <name>', 'make the steps on the nodes of this lab')
    .action(
      act(async (context, node: string, file: string | undefined, options: LabOptions) =>
        (await import('./replace.ts')).replace(node, file, options, context),
      ),
    );

  command(
    'pin',
    'looks up the hashes and digests that the version data do not have',
    'triskel pin blueprints/demo.yaml',
    'triskel pin --check blueprints/demo.yaml',
  )
    .addArgument(blueprint)
    .option('--all', 'ask for downloads whose hash is known, too', false)
    .option('--update', 'take what servers have now where it differs from what is pinned', false)
    .option('--check', 'say what is not pinned; ask no server and write nothing', false)
    .option('--ca <file>', 'further CA certificates (PEM) of a proxy or mirror')
    .action(
      act(async (context, file: string, options: PinOptions) => (await import('./pin.ts')).pin(file, options, context)),
    );

  addCloudCommands(program, act, blueprint, output);
  addSecretsCommands(program, act, blueprint, output);
  addLabCommands(program, act, blueprint);
  addDrillCommand(program, act, blueprint);

  command(
    'kubeconfig',
    'gives the operator’s kubeconfig; it holds a key',
    'triskel kubeconfig blueprints/demo.yaml --output demo.kubeconfig',
    'triskel kubeconfig blueprints/demo.yaml --break-glass',
  )
    .addArgument(blueprint)
    .option('--output <file>', 'write it there, readable by you alone; default: standard output', fileName)
    .option('--break-glass', 'with a certificate of system:masters that lives eight hours')
    .action(
      act(async (context, file: string, options: KubeconfigOptions) =>
        (await import('./kubeconfig.ts')).kubeconfig(file, options, context),
      ),
    );

  command(
    'versions',
    'says what goes with a Kubernetes version, or what a blueprint runs, and from where that is known',
    'triskel versions',
    'triskel versions 1.35',
    'triskel versions blueprints/demo.yaml',
  )
    .argument('[what]', 'a Kubernetes version, or a blueprint; default: every minor version')
    .action(act(async (context, what?: string) => (await import('./versions.ts')).versions(what, context)));

  command(
    'console',
    'reads a node’s console log and says how its boots went',
    'triskel console console.log',
    'openstack console log show master0 | triskel console -',
  )
    .argument('<log>', 'a file; `-` for standard input')
    .action(act(async (context, log: string) => (await import('./console.ts')).consoleLog(log, context)));

  command(
    'explain',
    'says what a diagnostic’s code means, why it matters, and what to do',
    'triskel explain',
    'triskel explain cluster/duplicate-address',
  )
    .argument('[code]', 'default: all of them')
    .action(act(async (context, code?: string) => (await import('./explain.ts')).explain(code, context)));
}

/** An empty one is a variable of a script that was never set. */
function fileName(text: string): string {
  if (text === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}
