import { InvalidArgumentError, type Argument, type Command, type Option } from 'commander';
import { examples, type Act } from './act.ts';
import type { BootOptions } from './boot.ts';
import type { DestroyOptions } from './destroy.ts';
import type { VerifyOptions } from './verify.ts';

/** The commands that ask a cloud, or change something there. */
export function addCloudCommands(program: Command, act: Act, blueprint: Argument, output: Option): void {
  const command = (name: string, description: string, ...lines: readonly string[]): Command =>
    program
      .command(name)
      .description(description)
      .addArgument(blueprint)
      .addHelpText('after', examples(...lines));

  command(
    'boot',
    'makes and changes on OpenStack what a blueprint says: network, servers, load balancer, floating IPs',
    'triskel boot --plan blueprints/demo.yaml',
    'triskel boot blueprints/demo.yaml',
    'triskel boot --replace master1 blueprints/demo.yaml',
  )
    .option('--plan', 'say what would be done and why, and do nothing')
    .option(
      '--replace <node>',
      'make this node’s server anew where that is needed; may stand several times',
      collect,
      [],
    )
    .option('--concurrency <number>', 'calls to the cloud at once, at most; default: 16', positive)
    .addOption(output)
    .action(
      act(async (context, file: string, options: BootOptions) =>
        (await import('./boot.ts')).boot(file, options, context),
      ),
    );

  command(
    'status',
    'says what the cloud has of a cluster, how its nodes booted, and how the load balancer finds them',
    'triskel status blueprints/demo.yaml',
  ).action(act(async (context, file: string) => (await import('./status.ts')).status(file, context)));

  command(
    'verify',
    'asks a running cluster, wherever it runs, whether it is what the blueprint says: its endpoint, its nodes, its etcd',
    'triskel verify blueprints/demo.yaml',
    'triskel verify --nodes blueprints/demo.yaml',
  )
    .option('--nodes', 'ask the nodes one by one, too; default: where operators use an address of the nodes’ own')
    .option('--no-nodes', 'ask the endpoint alone')
    .action(
      act(async (context, file: string, options: VerifyOptions) =>
        (await import('./verify.ts')).verify(file, options, context),
      ),
    );

  command(
    'destroy',
    'takes away what boot made on OpenStack, and nothing else; volumes stay unless they are named',
    'triskel destroy --plan blueprints/demo.yaml',
    'triskel destroy --yes demo --volumes blueprints/demo.yaml',
    'triskel destroy --yes demo --volumes --with-cluster-resources blueprints/demo.yaml',
  )
    .option('--plan', 'say what would go, and do nothing')
    .option('--yes <cluster>', 'the cluster’s name, as a sign that it is meant')
    .option('--volumes', 'volumes go, too, and etcd’s data with them')
    .option(
      '--with-cluster-resources',
      'what Kubernetes made goes, too: its load balancers, their floating IPs and security groups, volumes of claims',
    )
    .action(
      act(async (context, file: string, options: DestroyOptions) =>
        (await import('./destroy.ts')).destroy(file, options, context),
      ),
    );
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function positive(text: string): number {
  if (!/^[1-9][0-9]{0,2}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1 to 999.');
  return Number(text);
}
