import { snapshot } from 'openstack-client-lite';
import { applyChanges } from '../clouds/apply.ts';
import { effective, type ChangePlan } from '../clouds/change-plan.ts';
import { openstackActor } from '../clouds/openstack/actor.ts';
import type { Surroundings } from '../clouds/openstack/kinds/kind.ts';
import { planBoot } from '../clouds/openstack/plan-boot.ts';
import { preflight } from '../clouds/openstack/preflight.ts';
import type { Facts, Key } from '../clouds/resource.ts';
import { blocks, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { stopwatch } from '../host/clock.ts';
import type { Connection } from '../host/cloud.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { bootPayloads } from './boot-payloads.ts';
import { cloudControllerCredential, isCredential } from './boot-credential.ts';
import { onCloud, PATIENCE, type OnCloud } from './cloud-command.ts';
import { planLines, planValue } from './change-plan-text.ts';
import { EXIT, type Context, type ExitCode, type Outcome } from './context.ts';
import { compareTree } from './generation.ts';
import { tellSteps } from './steps-told.ts';
import { staleTree } from './stale.ts';

export interface BootOptions {
  /** Say what would be done, and do nothing. */
  readonly plan?: boolean;
  /** Nodes whose servers may be made anew. */
  readonly replace?: readonly string[];
  /** Calls at once, at most. */
  readonly concurrency?: number;
}

/** `triskel boot <blueprint>`: makes and changes on OpenStack what the blueprint says; a second time it does nothing. */
export async function boot(file: string, options: BootOptions, context: Context): Promise<ExitCode> {
  return onCloud(
    file,
    context,
    (given) => staleOutput(given, context),
    (given, connection, signal) => bootCluster(given, options, context, connection, signal),
  );
}

async function bootCluster(
  given: OnCloud,
  options: BootOptions,
  context: Context,
  { cloud, clock }: Connection,
  signal: AbortSignal,
): Promise<Outcome> {
  const { compilation, cluster, desired, file } = given;
  const seconds = stopwatch();
  const wrong = unknownNodes(given, options.replace ?? []);
  if (blocks(wrong)) return { diagnostics: wrong, exitCode: EXIT.usage };
  await context.progress(`${cluster.name}: asking the cloud`);
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const mayWrite = options.plan !== true;
  const opened = await openStoreFile({ ...request, mode: mayWrite ? 'change' : 'read' });
  if (opened.value === undefined) return { diagnostics: opened.diagnostics };
  const payloads = bootPayloads(compilation, opened.value.store);
  const at: Surroundings = {
    cloud,
    clock,
    cluster: cluster.name,
    signal,
    payloadOf: payloads.payloadOf,
    patience: PATIENCE,
  };
  const seen = snapshot(cloud);
  const looking: Surroundings = { ...at, cloud: seen };
  const { plan, facts, diagnostics } = await planBoot(cluster, desired, looking, {
    replace: new Set(options.replace),
    learn: payloads.learn,
  });
  const problems = [
    ...diagnostics,
    ...payloads
      .missing()
      .filter(({ hole }) => !isCredential(hole))
      .map(({ told }) => told),
    ...(await preflight(cluster, plan, facts, seen)),
  ];
  const held = heldNodes(plan);
  const value = { cluster: cluster.name, ...planValue(plan) };
  const text = planLines(cluster.name, plan).join('');
  if (blocks(problems)) return { text: options.plan === true ? text : '', value, diagnostics: problems };
  if (options.plan === true || effective(plan).length === 0)
    return { text, value, diagnostics: [...problems, ...held] };
  // After everything was looked at, and before anything is made.
  const credential = await cloudControllerCredential(given, opened.value, cloud);
  const open = [...credential.diagnostics, ...payloads.refill(credential.store)];
  if (blocks(open)) return { value, diagnostics: [...problems, ...open] };
  if (!context.json) context.event(text.trimEnd(), {});
  const told = tellSteps(cluster.name, effective(plan).length, seconds, context);
  const applied = await applyChanges(plan, {
    actor: openstackActor(at, payloads.learn),
    facts,
    concurrency: options.concurrency ?? 16,
    signal,
    onEvent: told.onEvent,
  });
  const unfinished = signal.aborted ? 'it was stopped before everything was done' : 'not everything was done';
  const left = applied.complete || told.errors.length > 0 ? [] : [diagnostic('cloud/unfinished', unfinished)];
  const addresses = newAddresses(given, applied.facts);
  const addressed = addresses.map(({ resource, address }) => `${resource} is ${address}\n`);
  return {
    text: [told.summary(), ...addressed].join(''),
    value: { ...value, complete: applied.complete, seconds: seconds(), floatingIps: addresses },
    diagnostics: [...problems, ...held, ...told.errors, ...left],
    ...(told.errors.length > 0 ? { exitCode: EXIT.network } : {}),
  };
}

/** Floating IPs whose address nobody knew before. */
function newAddresses({ desired }: OnCloud, facts: Facts): { readonly resource: Key; readonly address: string }[] {
  return desired.flatMap((one) => {
    const address = facts.get(one.key)?.['address'];
    const isNew = one.kind === 'floating-ip' && one.spec.address === undefined;
    return isNew && address !== undefined ? [{ resource: one.key, address }] : [];
  });
}

/** What is booted is what was reviewed. */
function staleOutput({ compilation, file }: OnCloud, { outputFolder }: Context): readonly Diagnostic[] {
  const { value, diagnostics } = compareTree(compilation, outputFolder);
  return value === undefined ? diagnostics : staleTree(file, value.wanted, value.changes);
}

function heldNodes({ changes }: ChangePlan): Diagnostic[] {
  return changes.flatMap(({ action, key, reason }) =>
    action === 'hold' ? [diagnostic('cloud/held', `${key} would have to be replaced: ${reason}`)] : [],
  );
}

function unknownNodes({ cluster }: OnCloud, names: readonly string[]): Diagnostic[] {
  return names
    .filter((name) => !cluster.nodes.some((node) => node.name === name))
    .map((name) => diagnostic('cloud/not-found', `--replace ${name}: the blueprint has no such node`));
}
