import { snapshot, type Cloud } from 'openstack-client-lite';
import { counted } from '../base/counted.ts';
import { applyChanges } from '../clouds/apply.ts';
import { effective } from '../clouds/change-plan.ts';
import { openstackActor } from '../clouds/openstack/actor.ts';
import type { Surroundings } from '../clouds/openstack/kinds/kind.ts';
import { planDestruction } from '../clouds/openstack/plan-destruction.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { blocks, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { stopwatch } from '../host/clock.ts';
import type { Connection } from '../host/cloud.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { planLines, planValue } from './change-plan-text.ts';
import { forgetCredential } from './boot-credential.ts';
import { onCloud, PATIENCE, type OnCloud } from './cloud-command.ts';
import { EXIT, type Context, type ExitCode, type Outcome } from './context.ts';
import { tellSteps } from './steps-told.ts';

export interface DestroyOptions {
  /** Say what would go, and do nothing. */
  readonly plan?: boolean;
  /** The cluster's name: whoever gives it means it. */
  readonly yes?: string;
  /** Volumes go, too, and etcd's data with them. */
  readonly volumes?: boolean;
  /** What Kubernetes made in the cloud goes, too: load balancers of Services, their floating IPs and security groups, volumes. */
  readonly withClusterResources?: boolean;
}

/** `triskel destroy <blueprint>`: takes away what `boot` made, in the opposite order, and nothing that is not marked as the cluster's. */
export async function destroy(file: string, options: DestroyOptions, context: Context): Promise<ExitCode> {
  return onCloud(
    file,
    context,
    () => [],
    (given, connection, signal) => destroyCluster(given, options, context, connection, signal),
  );
}

async function destroyCluster(
  { file, cluster, desired }: OnCloud,
  options: DestroyOptions,
  context: Context,
  { cloud, clock }: Connection,
  signal: AbortSignal,
): Promise<Outcome> {
  const seconds = stopwatch();
  const at: Surroundings = {
    cloud,
    clock,
    cluster: cluster.name,
    signal,
    payloadOf: () => undefined,
    patience: PATIENCE,
  };
  await context.progress(`${cluster.name}: asking the cloud`);
  const { volumes, withClusterResources: clusterResources } = options;
  const looking: Surroundings = { ...at, cloud: snapshot(cloud) };
  const { plan, diagnostics } = await planDestruction(cluster, desired, looking, { volumes, clusterResources });
  const value = { cluster: cluster.name, ...planValue(plan) };
  const text = planLines(cluster.name, plan).join('');
  if (options.plan === true || effective(plan).length === 0 || blocks(diagnostics)) return { text, value, diagnostics };
  if (options.yes !== cluster.name) {
    const unsure = diagnostic('cloud/unsure', `${counted(effective(plan).length, 'resource')} would be deleted`);
    return { text, value, diagnostics: [unsure] };
  }
  if (!context.json) context.event(text.trimEnd(), {});
  const told = tellSteps(cluster.name, effective(plan).length, seconds, context);
  const applied = await applyChanges(plan, {
    actor: openstackActor(at, () => undefined),
    facts: new Map(),
    concurrency: 8,
    signal,
    onEvent: told.onEvent,
  });
  const forgotten = applied.complete ? await forget(file, cluster, cloud) : [];
  const left: Diagnostic[] =
    applied.complete || told.errors.length > 0 ? [] : [diagnostic('cloud/unfinished', 'not everything is gone')];
  return {
    text: told.summary(),
    value: { ...value, complete: applied.complete },
    diagnostics: [...told.errors, ...left, ...forgotten],
    ...(told.errors.length > 0 ? { exitCode: EXIT.network } : {}),
  };
}

/** The cloud controller's credential goes last: until then the store can be used for another boot. */
async function forget(file: string, cluster: Cluster, cloud: Cloud): Promise<readonly Diagnostic[]> {
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'change' });
  if (opened.value === undefined) return opened.diagnostics;
  return forgetCredential(cluster.name, opened.value, cloud);
}
