import type { Path } from '../base/paths.ts';
import { sortedBy } from '../base/order.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { isControlPlane, type Cluster, type LimitName, type Pins } from './cluster.ts';
import type { Facts } from './facts.ts';
import { refuseTakenAccounts } from './accounts.ts';
import { refuseUnreadableCertificates } from './certificates.ts';
import { refuseCloudless } from './cloud.ts';
import { parseManifest, type ManifestText } from './manifests.ts';
import { refuseCombinations } from './combinations.ts';
import { refuseTwice } from './duplicates.ts';
import { refuseUnreadParts, type UserDataPart } from './parts.ts';
import type { Report } from './report.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';
import { resolveFirewall } from './resolve-firewall.ts';
import { refuseOtherClocks } from './resolve-time.ts';
import { portRange, resolveNetwork } from './resolve-network.ts';
import { resolveNodes } from './resolve-nodes.ts';
import { resolveVersions } from './resolve-versions.ts';
import { resolveVirtualIps } from './resolve-virtual-ips.ts';

/** What lies beside the blueprint and belongs to it. */
export interface Companions {
  readonly pins: Pins;
  readonly manifests: readonly ManifestText[];
  /** Parts of user data by the name that the blueprint has for them; those with mistakes are left out. */
  readonly parts: ReadonlyMap<string, UserDataPart>;
  readonly facts: Facts;
}

/** A Blueprint → a Cluster in which everything is decided; every mistake is told, not only the first. */
export function resolve(blueprint: Blueprint, companions: Companions): Checked<Cluster> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (d) => diagnostics.push(d);
  const versions = resolveVersions(blueprint, companions.facts, companions.pins, report);
  const count =
    (blueprint.nodes ?? []).length + (blueprint.nodeGroups ?? []).reduce((sum, group) => sum + group.count, 0);
  const network = resolveNetwork(blueprint, count, report);
  const nodes = resolveNodes(blueprint, network?.nodes, companions.parts, report);
  refuseUnreadParts(blueprint, nodes, report);
  const controlPlaneNodes = nodes.filter(isControlPlane);
  if (!declaresControlPlane(blueprint))
    report(diagnostic('cluster/no-control-plane', 'no node has the role control-plane', [at(['nodes'])]));
  const members = nodes.filter((node) => node.roles.includes('etcd'));
  const { runs = 'static-pods', port = 6443, uses = 'local' } = blueprint.controlPlane ?? {};
  const endpoint = resolveEndpoint(blueprint, { controlPlane: controlPlaneNodes, nodes, port }, report);
  const virtualIps = resolveVirtualIps(blueprint, { endpoint, nodes, networks: network?.nodes }, report);
  const publishedPorts = (blueprint.publishedServices?.ports ?? [80, 443]).flatMap((ports, index) => {
    const range = portRange(String(ports), ['publishedServices', 'ports', index], report);
    return range === undefined ? [] : [range];
  });
  refuseCombinations(blueprint, { runs, endpoint, nodes }, report);
  if ((blueprint.access?.users ?? []).length === 0)
    report(diagnostic('cluster/no-users', 'no user can log in to the nodes', [at([])]));
  refuseEntriesTwice(blueprint, report);
  refuseCloudless(blueprint, report);
  refuseTakenAccounts(blueprint, nodes, report);
  refuseUnreadableCertificates(blueprint, report);
  const { firewall, opened } = resolveFirewall(blueprint, report);
  refuseOtherClocks(blueprint, controlPlaneNodes, report);
  const manifests = companions.manifests.map((manifest) => {
    const index = (blueprint.addons?.manifests ?? []).indexOf(manifest.file);
    return parseManifest(manifest, ['addons', 'manifests', index], report);
  });
  const broken = diagnostics.some((d) => d.severity === 'error');
  if (broken || versions === undefined || network === undefined || endpoint === undefined)
    return { value: undefined, diagnostics };
  return {
    diagnostics,
    value: {
      name: blueprint.name,
      versions,
      controlPlane: { runs, port, uses },
      endpoint,
      virtualIps,
      publishedPorts,
      network,
      nodes,
      controlPlaneNodes,
      etcdNodes: members.length > 0 ? members : controlPlaneNodes,
      users: sortedBy(blueprint.access?.users ?? [], (user) => user.name).map((user) => ({ sudo: true, ...user })),
      mirrors: (blueprint.registries?.mirrors ?? []).map((mirror) => ({
        ca: undefined,
        onlyMirrors: false,
        ...mirror,
      })),
      proxy: blueprint.proxy === undefined ? undefined : { ...blueprint.proxy, exempt: blueprint.proxy.exempt ?? [] },
      time: { daemon: undefined, servers: [], pools: [], source: 'servers', ...blueprint.time },
      firewall,
      opened,
      audit: { enabled: true, maxAge: 30, maxBackups: 3, maxSize: 100, ...blueprint.audit },
      encryptionAtRest: { provider: 'secretbox', resources: ['secrets'], ...blueprint.encryptionAtRest },
      pki: { algorithm: 'ecdsa-p256', caYears: 10, leafDays: 1095, ...blueprint.pki },
      binaries: { source: 'download', mirror: undefined, mirrorCa: undefined, ...blueprint.binaries },
      airGapped: blueprint.airGapped ?? false,
      packages: { source: 'repositories', mirror: undefined, ...blueprint.packages },
      addons: { revision: blueprint.addons?.revision ?? 1, manifests },
      openstack: blueprint.cloud?.openstack,
      payload: resolvePayload(blueprint),
      recipients: blueprint.secrets?.recipients ?? [],
      options: blueprint.components ?? {},
      pins: companions.pins,
    },
  };
}

function resolvePayload({ payload = {}, cloud }: Blueprint): Cluster['payload'] {
  const { limit, serve, serveCa: ca, pointer } = payload;
  const limits = new Set<LimitName>();
  if (cloud?.openstack !== undefined) limits.add('openstack');
  if (limit !== undefined) limits.add(limit);
  return {
    limits: [...limits],
    serve: serve === undefined ? undefined : { url: serve.replace(/\/+$/, ''), ca, always: pointer === 'always' },
  };
}

function refuseEntriesTwice({ access, registries }: Blueprint, report: Report): void {
  const users = access?.users ?? [];
  const names = users.map(({ name }) => name);
  refuseTwice(
    names,
    (name) => `the account ${name}`,
    (index) => ['access', 'users', index, 'name'],
    report,
  );
  users.forEach(({ name, sshKeys }, user) => {
    const path = (index: number): Path => ['access', 'users', user, 'sshKeys', index];
    refuseTwice(sshKeys, () => `an SSH key of ${name}`, path, report);
  });
  const mirrored = (registries?.mirrors ?? []).map(({ registry }) => registry);
  const path = (index: number): Path => ['registries', 'mirrors', index, 'registry'];
  refuseTwice(mirrored, (registry) => `the registry ${registry}`, path, report);
}

/** Asked of the blueprint and not of the nodes: a node with a broken address is still meant to be there. */
function declaresControlPlane(blueprint: Blueprint): boolean {
  return [...(blueprint.nodes ?? []), ...(blueprint.nodeGroups ?? [])].some((node) =>
    node.roles.includes('control-plane'),
  );
}
