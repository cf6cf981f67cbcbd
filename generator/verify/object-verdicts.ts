/** What objects of the API say about a cluster: pure, from a text that came back to a verdict with its reason. */
import { counted } from '../base/counted.ts';
import { compareVersions } from '../base/versions.ts';
import type { Verdict } from './verdicts.ts';

interface KubernetesObject {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
}

interface NodeObject extends KubernetesObject {
  readonly spec?: { readonly taints?: readonly { readonly key?: string }[] };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
  };
}

/** The cloud controller takes it away when it has found the machine (k8s.io/cloud-provider, api/well_known_taints.go). */
const UNINITIALIZED = 'node.cloudprovider.kubernetes.io/uninitialized';

/** Every node is there and ready, with its part of the network, and known to the cloud. */
export function nodesVerdict(text: string, expected: readonly string[]): Verdict {
  const { items = [] } = JSON.parse(text) as List<NodeObject>;
  const nodes = new Map(items.map((node) => [node.metadata?.name ?? '', node]));
  const ailing = expected.flatMap((name) => {
    const why = ailment(nodes.get(name));
    return why === undefined ? [] : [`${name} ${why}`];
  });
  const strangers = [...nodes.keys()].filter((name) => !expected.includes(name));
  const more = strangers.length === 0 ? '' : `; not in the blueprint: ${strangers.join(', ')}`;
  const found = `${String(expected.length - ailing.length)} of ${String(expected.length)}`;
  return { ok: ailing.length === 0, found: `${[found, ...ailing].join('; ')}${more}` };
}

function ailment(node: NodeObject | undefined): string | undefined {
  if (node === undefined) return 'is not there';
  const condition = (type: string): Condition | undefined =>
    node.status?.conditions?.find((each) => each.type === type);
  const ready = condition('Ready');
  if (ready?.status !== 'True') return `is not ready${because(ready)}`;
  const network = condition('NetworkUnavailable');
  if (network?.status === 'True') return `has no network for pods${because(network)}`;
  const waits = node.spec?.taints?.some(({ key }) => key === UNINITIALIZED) === true;
  return waits ? 'waits for the cloud controller' : undefined;
}

/** Kubelets' versions are the blueprint's; k3s puts its own number behind a plus sign. */
export function versionsVerdict(text: string, version: string): Verdict {
  const { items = [] } = JSON.parse(text) as List<NodeObject>;
  const others = items.flatMap(({ metadata, status }) => {
    const has = (status?.nodeInfo?.kubeletVersion ?? 'none').replace(/^v/, '');
    return plain(has) === plain(version) ? [] : [`${metadata?.name ?? ''} has ${has}`];
  });
  return { ok: others.length === 0, found: others.length === 0 ? version : others.join(', ') };
}

/** The API servers that write themselves into the service `kubernetes`, while they live (discovery.k8s.io/v1). */
export function apiServersVerdict(
  text: string,
  expected: readonly { readonly node: string; readonly host: string }[],
): Verdict {
  const { endpoints = [] } = JSON.parse(text) as { endpoints?: readonly { addresses?: readonly string[] }[] };
  const there = endpoints.flatMap(({ addresses = [] }) => addresses);
  const missing = expected.filter(({ host }) => !there.includes(host)).map(({ node }) => node);
  const found = `${String(expected.length - missing.length)} of ${String(expected.length)}`;
  return {
    ok: missing.length === 0,
    found: missing.length === 0 ? found : `${found}; not in the service kubernetes: ${missing.join(', ')}`,
  };
}

/** Somebody leads, and has said so lately (coordination.k8s.io/v1, Lease). `now`: milliseconds since 1970. */
export function leaseVerdict(text: string, now: number): Verdict {
  const { spec = {} } = JSON.parse(text) as {
    spec?: { holderIdentity?: string | null; leaseDurationSeconds?: number; renewTime?: string };
  };
  const { holderIdentity, leaseDurationSeconds = 15, renewTime = '' } = spec;
  if (typeof holderIdentity !== 'string' || holderIdentity === '') return { ok: false, found: 'nobody leads' };
  const holder = holderIdentity.replace(/_.*/, '');
  const age = (now - Date.parse(renewTime)) / 1000;
  // Clocks differ by some seconds.
  const ok = age < leaseDurationSeconds * 2;
  return { ok, found: ok ? holder : `${holder} led, and has not renewed that for ${age.toFixed(0)} s` };
}

interface PodObject extends KubernetesObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** Static pods that the API knows, all of them running and ready. */
export function podsVerdict(text: string, expected: readonly string[]): Verdict {
  const { items = [] } = JSON.parse(text) as List<PodObject>;
  const pods = new Map(items.map((pod) => [pod.metadata?.name ?? '', pod]));
  const isReady = (name: string): boolean =>
    pods.get(name)?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  const missing = expected.filter((name) => pods.get(name)?.status?.phase !== 'Running' || !isReady(name));
  const found = `${String(expected.length - missing.length)} of ${String(expected.length)}`;
  return {
    ok: missing.length === 0,
    found: missing.length === 0 ? found : `${found}; not running and ready: ${missing.join(', ')}`,
  };
}

/** The set of add-ons that the cluster has is the blueprint's, or a newer one. */
export function addonsVerdict(text: string, kubernetes: string, revision: number): Verdict {
  const { data = {} } = JSON.parse(text) as { data?: Readonly<Record<string, string>> };
  const has = `${data['kubernetes'] ?? '?'} revision ${data['revision'] ?? '?'}`;
  const order = compareVersions(plain(data['kubernetes'] ?? '0.0.0'), plain(kubernetes));
  const ok = order > 0 || (order === 0 && Number(data['revision'] ?? -1) >= revision);
  const kept = (data['kept'] ?? '').trim().split('\n').filter(Boolean);
  const more = kept.length === 0 ? '' : `; kept as somebody else wrote them: ${counted(kept.length, 'object')}`;
  return {
    ok,
    found: ok ? `${has}${more}` : `${has}, and the blueprint has ${kubernetes} revision ${String(revision)}`,
  };
}

interface Workload extends KubernetesObject {
  readonly kind?: string;
  readonly spec?: { readonly replicas?: number };
  readonly status?: {
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly readyReplicas?: number;
  };
}

/** DaemonSets and Deployments have as many pods that are ready as they are to have (apps/v1). */
export function workloadsVerdict(texts: readonly string[]): Verdict {
  const all = texts.flatMap((text) => (JSON.parse(text) as List<Workload>).items ?? []);
  const short = all.flatMap(({ metadata, spec, status }) => {
    const wants = status?.desiredNumberScheduled ?? spec?.replicas ?? 1;
    const has = status?.numberReady ?? status?.readyReplicas ?? 0;
    return has >= wants ? [] : [`${metadata?.name ?? ''} has ${String(has)} of ${counted(wants, 'pod')} ready`];
  });
  return {
    ok: short.length === 0,
    found: short.length === 0 ? `${String(all.length)} sets of pods` : short.join(', '),
  };
}

interface List<T> {
  readonly items?: readonly T[];
}

function because(condition: Condition | undefined): string {
  return condition?.reason === undefined ? '' : ` (${condition.reason})`;
}

function plain(version: string): string {
  return version.replace(/\+.*/, '');
}
