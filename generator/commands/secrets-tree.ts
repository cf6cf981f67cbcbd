import { InvalidArgumentError, Option, type Argument, type Command } from 'commander';
import { examples, type Act } from './act.ts';
import type { RenewOptions } from './secrets-renew.ts';

/** `triskel secrets …`: the keys and certificates beside a blueprint. */
export function addSecretsCommands(program: Command, act: Act, blueprint: Argument, output: Option): void {
  const secrets = program
    .command('secrets')
    .description('the keys and certificates beside a blueprint')
    .addHelpText('after', examples('triskel secrets list blueprints/demo.yaml'));
  const secret = (name: string, description: string, ...lines: readonly string[]): Command =>
    secrets
      .command(name)
      .description(description)
      .addArgument(blueprint)
      .addHelpText('after', examples(...lines));

  secret(
    'list',
    'shows every key, certificate and value, and until when it lives; never what it is',
    'triskel secrets list blueprints/demo.yaml',
  ).action(act(async (context, file: string) => (await import('./secrets-list.ts')).secretsList(file, context)));

  secret(
    'set',
    'keeps a value that only you know; it is read from standard input',
    'triskel secrets set blueprints/demo.yaml openstack/credential-secret < credential',
  )
    .argument('<name>', 'as `secrets list` shows it')
    .action(
      act(async (context, file: string, name: string) =>
        (await import('./secrets-set.ts')).secretsSet(file, name, context),
      ),
    );

  secret(
    'renew',
    'issues certificates anew, or takes a step of a CA’s change, and makes a bundle for each running node',
    'triskel secrets renew blueprints/demo.yaml',
    'triskel secrets renew blueprints/demo.yaml --all',
    'triskel secrets renew blueprints/demo.yaml --rotate cluster-ca --stage introduce',
  )
    .argument('[name...]', 'certificates; default: those that end within 90 days')
    .option('--all', 'every certificate')
    .option('--node <node>', 'certificates whose key lies on this node')
    .option('--within <days>', 'certificates that end within so many days', wholeNumber)
    .option('--rotate <id>', 'a CA, or service-account, that changes by one step')
    .addOption(new Option('--stage <stage>', 'the step of --rotate').choices(['introduce', 'switch', 'retire']))
    .option('--at-once', '--rotate without overlap, while no node runs')
    .addOption(output)
    .action(
      act(async (context, file: string, names: string[], options: RenewOptions) =>
        (await import('./secrets-renew.ts')).secretsRenew(file, names, options, context),
      ),
    );

  secret(
    'recipients',
    'shows who can open the store',
    'triskel secrets recipients blueprints/demo.yaml',
    'triskel secrets recipients blueprints/demo.yaml --reencrypt',
  )
    .option('--reencrypt', 'encrypt it anew for the blueprint’s recipients')
    .action(
      act(async (context, file: string, options: { readonly reencrypt?: boolean }) =>
        (await import('./secrets-recipients.ts')).secretsRecipients(file, options, context),
      ),
    );
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
