import { compareVersions, minorOf } from '../base/versions.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { newestPatch, supportedMinors } from '../cluster/versions.ts';

/** What of a lab its blueprint depends on. */
export interface LabGround {
  /** The mirror's own URL, and the CA that its certificate is checked against (PEM). */
  readonly mirror: string;
  readonly mirrorCa: string;
  /** The lab's own address, where a time server could be. */
  readonly gateway: string;
  readonly arch: 'amd64' | 'arm64';
  /** etcd's version as Debian packages it, "3.5.30"; undefined: the lab has the user's own programs. */
  readonly debianEtcd: string | undefined;
  /** Whether this machine has loop devices, which disks are made of. */
  readonly hasDisks: boolean;
}

/** The blueprint that a lab boots in place of another, and how it differs, one sentence each. */
export interface Twin {
  readonly blueprint: Readonly<Record<string, unknown>>;
  readonly differences: readonly string[];
}

type Values = Record<string, unknown>;

/** Debian releases of which there are images. */
const SUITES: Readonly<Record<string, string>> = { '12': 'bookworm', '13': 'trixie' };
const NEWEST = '13';

/** The suite of a Debian release. */
export function suiteOf(version: string): string {
  return SUITES[version] ?? SUITES[NEWEST] ?? '';
}

/**
 * A blueprint as a lab can boot it: the same cluster with the same components, but with Debian below, the lab's mirror in
 * place of the internet, no cloud, and versions whose programs the lab has. `value` is the merged document.
 */
export function twinOf(value: Readonly<Values>, cluster: Cluster, ground: LabGround): Twin {
  const differences: string[] = [];
  // Nothing outside is to be reached from a lab anyway.
  const without = new Set(['extends', 'secrets', 'payload', 'proxy', 'packages', 'airGapped']);
  const twin: Values = Object.fromEntries(Object.entries(value).filter(([key]) => !without.has(key)));
  const say = (text: string): void => void differences.push(text);
  twin['binaries'] = { mirror: ground.mirror, mirrorCa: ground.mirrorCa };
  twin['time'] = { ...((value['time'] ?? {}) as Values), servers: [ground.gateway] };
  withDebian(twin, cluster, ground, say);
  withEtcd(twin, cluster, ground, say);
  withUnits(twin, cluster, say);
  withoutCloud(twin, cluster, say);
  if (!ground.hasDisks) withoutDisks(twin, say);
  return { blueprint: twin, differences };
}

function withDebian(twin: Values, cluster: Cluster, { arch }: LabGround, say: (text: string) => void): void {
  const others = new Set<string>();
  const debian = (os: unknown): Values => {
    const { name = cluster.nodes[0]?.os.name, version } = (os ?? {}) as { name?: string; version?: string };
    const own = name === 'debian' && version !== undefined && version in SUITES ? version : NEWEST;
    return { name: 'debian', version: own, arch };
  };
  for (const { os } of cluster.nodes)
    if (os.name !== 'debian') others.add([os.name, os.version ?? ''].join(' ').trim());
  twin['os'] = debian(twin['os']);
  for (const key of ['nodes', 'nodeGroups']) {
    const list = twin[key] as readonly Values[] | undefined;
    if (list !== undefined)
      twin[key] = list.map(({ os, ...rest }) => (os === undefined ? rest : { ...rest, os: debian(os) }));
  }
  if (others.size > 0) say(`Debian ${NEWEST} in place of ${[...others].sort().join(', ')}`);
}

/** A lab without the user's own programs has Debian's etcd, and so a Kubernetes that goes with it. */
function withEtcd(
  twin: Values,
  { versions, controlPlane }: Cluster,
  { debianEtcd }: LabGround,
  say: (text: string) => void,
): void {
  // k3s brings an etcd of its own.
  if (controlPlane.runs === 'k3s' || debianEtcd === undefined || versions.etcd === debianEtcd) return;
  const minors = supportedMinors(versions.facts).filter((name) => {
    const oldest = versions.facts.kubernetes.minors[name]?.fits.etcd[minorOf(debianEtcd)];
    return oldest !== undefined && compareVersions(debianEtcd, oldest) >= 0;
  });
  const minor = minors.includes(versions.minor) ? versions.minor : minors.at(-1);
  if (minor === undefined) return;
  const kubernetes = minor === versions.minor ? versions.kubernetes : newestPatch(versions.facts, minor);
  const components = (twin['components'] ?? {}) as Values;
  twin['kubernetes'] = { ...((twin['kubernetes'] ?? {}) as Values), version: kubernetes };
  twin['components'] = { ...components, etcd: { ...((components['etcd'] ?? {}) as Values), version: debianEtcd } };
  const other =
    kubernetes === versions.kubernetes ? '' : `, and Kubernetes ${kubernetes} in place of ${versions.kubernetes}`;
  say(
    `etcd ${debianEtcd} in place of ${versions.etcd}${other}, so that flags and configurations are those of these versions`,
  );
}

/** A kubelet runs no pods in a lab: what would be static pods runs as units, with the same arguments. */
function withUnits(twin: Values, { controlPlane: { runs } }: Cluster, say: (text: string) => void): void {
  if (runs !== 'static-pods' && runs !== 'kubeadm') return;
  twin['controlPlane'] = { ...((twin['controlPlane'] ?? {}) as Values), runs: 'systemd' };
  say(
    `the control plane runs as units of the machine, with the same arguments, in place of ${runs}: no kubelet runs pods here`,
  );
}

function withoutCloud(twin: Values, cluster: Cluster, say: (text: string) => void): void {
  if (twin['cloud'] !== undefined) {
    delete twin['cloud'];
    say('no cloud');
  }
  const grounded = (value: unknown): Values => {
    const { floatingIp: _, ...rest } = value as Values;
    return rest;
  };
  for (const key of ['endpoint', 'publishedServices']) if (twin[key] !== undefined) twin[key] = grounded(twin[key]);
  if (twin['nodes'] !== undefined) twin['nodes'] = (twin['nodes'] as readonly unknown[]).map(grounded);
  const endpoint = twin['endpoint'] as Values | undefined;
  if (endpoint === undefined || cluster.endpoint.type !== 'openstack-load-balancer') return;
  twin['endpoint'] = { ...endpoint, type: 'external' };
}

function withoutDisks(twin: Values, say: (text: string) => void): void {
  const had = JSON.stringify(twin).includes('"disk"');
  const without = (value: unknown): unknown => {
    const { disk: _, ...rest } = (value ?? {}) as Values;
    return rest;
  };
  if (twin['etcd'] !== undefined) twin['etcd'] = without(twin['etcd']);
  for (const key of ['nodes', 'nodeGroups']) {
    const list = twin[key] as readonly Values[] | undefined;
    if (list !== undefined)
      twin[key] = list.map((each) => (each['etcd'] === undefined ? each : { ...each, etcd: without(each['etcd']) }));
  }
  if (had) say('etcd on the root disk: this machine has no loop devices');
}
