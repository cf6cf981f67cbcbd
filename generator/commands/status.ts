import { snapshot, type LoadBalancer, type Server } from 'openstack-client-lite';
import { readBoots } from '../boot-report/boots.ts';
import { verdictOf } from '../boot-report/verdict.ts';
import { lookUpGiven } from '../clouds/openstack/given.ts';
import type { Lead } from '../clouds/openstack/kinds/floating-ip.ts';
import type { Surroundings } from '../clouds/openstack/kinds/kind.ts';
import { madeByKubernetes } from '../clouds/openstack/kubernetes/observe.ts';
import { observe } from '../clouds/openstack/observe.ts';
import type { Observed } from '../clouds/resource.ts';
import { groupBy } from '../base/order.ts';
import { hostPort } from '../base/networks.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Connection } from '../host/cloud.ts';
import { onCloud, PATIENCE, type OnCloud } from './cloud-command.ts';
import type { Context, ExitCode, Outcome } from './context.ts';
import { table } from './table.ts';

/** Lines of a console that are asked for: a boot's report and what is said around it. */
const CONSOLE_LINES = 2000;

/** `triskel status <blueprint>`: what the cloud has of the cluster and how it is; fails when something is missing or unwell. */
export async function status(file: string, context: Context): Promise<ExitCode> {
  return onCloud(
    file,
    context,
    () => [],
    (given, connection) => statusOf(given, context, connection),
  );
}

/** What the cloud has of a cluster. */
export async function statusOf(
  { cluster, desired }: OnCloud,
  context: Context,
  connection: Connection,
): Promise<Outcome> {
  const { clock } = connection;
  const cloud = snapshot(connection.cloud);
  const at: Surroundings = {
    cloud,
    clock,
    cluster: cluster.name,
    signal: undefined,
    payloadOf: () => undefined,
    patience: PATIENCE,
  };
  await context.progress(`${cluster.name}: asking the cloud`);
  const given = await lookUpGiven(cluster, cloud);
  const observed = await observe(desired, at);
  const there = new Map(observed.map((one) => [one.key, one]));
  const missing = desired.filter(({ key }) => !there.has(key)).map(({ key }) => key);
  const servers = await Promise.all(
    cluster.nodes.map(async ({ name, addresses, zone }) => {
      const found = there.get(`server/${name}`) as Observed<Server> | undefined;
      const log = found === undefined ? undefined : await cloud.compute.servers.consoleOutput(found.id, CONSOLE_LINES);
      const boot = readBoots(log ?? '').at(-1);
      return {
        name,
        addresses: addresses.map(({ text }) => text).join(', '),
        zone: found?.item['OS-EXT-AZ:availability_zone'] ?? zone ?? '',
        status: found?.item.status ?? 'missing',
        detail: found?.state === 'failed' ? found.detail : '',
        host: found?.item.hostId ?? '',
        boot: boot === undefined ? 'silent' : verdictOf(boot).outcome,
      };
    }),
  );
  const floatingIps = observed.flatMap(({ kind, key, facts, item }) =>
    kind === 'floating-ip'
      ? [{ resource: key, address: facts['address'] ?? '', reserved: (item as Lead).isReserved }]
      : [],
  );
  const members = await memberRows(observed, connection);
  const kubernetes = (await madeByKubernetes(cluster, observed, cloud)).map(({ key, id }) => ({ resource: key, id }));
  const diagnostics: Diagnostic[] = [
    ...given.diagnostics,
    ...missing.map((key) => diagnostic('cloud/missing', `${key} is not there`)),
    ...observed
      .filter(({ state }) => state === 'failed')
      .map(({ key, detail }) => diagnostic('cloud/unwell', `${key} failed: ${detail}`)),
    ...members
      .filter((member) => member.health === 'ERROR')
      .map(({ name }) => diagnostic('cloud/unwell', `the load balancer finds no API server at ${name}`)),
    ...sharedHosts(
      cluster.nodes.map(({ name, roles }) => ({ name, roles })),
      servers,
    ),
  ];
  const rows = servers.map(({ name, addresses, zone, status: state, boot }) => [name, addresses, zone, state, boot]);
  const { internal, external } = cluster.endpoint;
  const text = [
    `${cluster.name}: ${String(observed.length)} resources of ${String(desired.length)}; API inside ${hostPort(internal.host, internal.port)}, outside ${hostPort(external.host, external.port)}\n\n`,
    table(['node', 'addresses', 'zone', 'server', 'boot'], rows),
    floatingIps.length === 0
      ? ''
      : `\n${table(
          ['floating IP', 'address', ''],
          floatingIps.map(({ resource, address, reserved }) => [resource, address, reserved ? 'reserved' : 'made']),
        )}`,
    members.length === 0
      ? ''
      : `\n${table(
          ['member', 'address', 'health'],
          members.map((m) => [m.name, m.address, m.health]),
        )}`,
    kubernetes.length === 0
      ? ''
      : `\n${table(
          ['made by Kubernetes', 'id'],
          kubernetes.map(({ resource, id }) => [resource, id]),
        )}`,
  ].join('');
  return { text, value: { cluster: cluster.name, missing, servers, floatingIps, members, kubernetes }, diagnostics };
}

async function memberRows(
  observed: readonly Observed[],
  { cloud }: Connection,
): Promise<{ readonly name: string; readonly address: string; readonly health: string }[]> {
  const balancers = observed.filter(({ kind }) => kind === 'load-balancer') as Observed<LoadBalancer>[];
  const trees = await Promise.all(balancers.map(({ id }) => cloud.loadBalancer.loadBalancers.status(id)));
  return trees.flatMap((tree) =>
    (tree?.listeners ?? []).flatMap(({ pools }) =>
      pools.flatMap(({ members }) =>
        members.map(({ name, address, operating_status: health }) => ({ name, address, health })),
      ),
    ),
  );
}

/** Nodes of one kind on one host: a soft rule may have put them there, and that host takes them down together. */
function sharedHosts(
  nodes: readonly { readonly name: string; readonly roles: readonly string[] }[],
  servers: readonly { readonly name: string; readonly host: string }[],
): Diagnostic[] {
  const rolesOf = new Map(nodes.map(({ name, roles }) => [name, roles.join('-')]));
  const placed = servers.filter(({ host, name }) => host !== '' && rolesOf.get(name)?.includes('worker') !== true);
  return [...groupBy(placed, ({ host, name }) => `${host} ${rolesOf.get(name) ?? ''}`)].flatMap(([, all]) => {
    if (all.length < 2) return [];
    const text = `${all.map(({ name }) => name).join(' and ')} run on one host of the cloud`;
    return [diagnostic('cloud/shared-host', text)];
  });
}
