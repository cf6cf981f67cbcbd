/** What `boot`, `status`, `destroy` and the like have in common: the blueprint, its cloud, and what is there. */
import { compile, type Compilation } from '../compile.ts';
import { desiredResources } from '../clouds/openstack/desired/index.ts';
import type { OpenstackResource } from '../clouds/openstack/desired/shared.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { at, blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { cloudFailure, connectCloud, type Connection } from '../host/cloud.ts';
import { stoppable } from '../host/interrupts.ts';
import type { Context, ExitCode, Outcome } from './context.ts';
import { EXIT } from './context.ts';
import { isReady, type Ready } from './generation.ts';

/** A compiled blueprint whose cluster is on OpenStack. */
export interface OnCloud {
  readonly file: string;
  readonly compilation: Ready;
  readonly cluster: Cluster;
  readonly desired: readonly OpenstackResource[];
}

/** Milliseconds that one resource may take: a load balancer's machines boot in minutes. */
export const PATIENCE = 900_000;

/**
 * Runs a command on the cloud of a blueprint. What keeps it from being run is told, before the cloud is asked for anything, and so
 * is a failure of the cloud's. `task` is stopped by its signal.
 */
export async function onCloud(
  file: string,
  context: Context,
  check: (given: OnCloud) => readonly Diagnostic[],
  task: (given: OnCloud, connection: Connection, signal: AbortSignal) => Promise<Outcome>,
): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { locate } = compilation;
  const ready = readyOnCloud(file, compilation);
  if (ready.value === undefined) return context.tell({ diagnostics: ready.diagnostics, locate });
  const given = ready.value;
  const refused = check(given);
  if (blocks(refused)) return context.tell({ diagnostics: refused, locate });
  const { openstack } = given.cluster;
  return stoppable(async (signal) => {
    const connected = connectCloud({ cloud: openstack?.cloud, region: openstack?.region }, undefined);
    if (connected.value === undefined) return context.tell({ diagnostics: connected.diagnostics, locate });
    const connection = connected.value;
    try {
      const outcome = await task(given, connection, signal);
      return context.tell({ ...outcome, locate });
    } catch (error) {
      return context.tell({ diagnostics: [cloudFailure(error)], locate, exitCode: EXIT.network });
    } finally {
      await connection.close();
    }
  });
}

function readyOnCloud(file: string, compilation: Compilation): Checked<OnCloud> {
  const diagnostics: Diagnostic[] = compilation.diagnostics.filter(({ severity }) => severity === 'error');
  if (!isReady(compilation)) return { value: undefined, diagnostics };
  const { cluster, nodes } = compilation;
  const { openstack } = cluster;
  const lacks = [
    ...(openstack === undefined ? ['cloud.openstack'] : []),
    ...(openstack !== undefined && openstack.image === undefined ? ['cloud.openstack.image'] : []),
    ...(openstack !== undefined && openstack.flavor === undefined ? ['cloud.openstack.flavor'] : []),
  ];
  const missing = lacks.map((what) =>
    diagnostic('cloud/not-on-a-cloud', `the blueprint has no ${what}`, [
      at(openstack === undefined ? [] : ['cloud', 'openstack']),
    ]),
  );
  if (blocks(missing)) return { value: undefined, diagnostics: [...diagnostics, ...missing] };
  const plans = nodes.map(({ plan }) => plan);
  return {
    value: { file, compilation, cluster, desired: desiredResources(cluster, plans) },
    diagnostics,
  };
}
