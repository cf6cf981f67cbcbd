import { hostPort } from '../base/networks.ts';
import { isControlPlane, isEtcdMember, isKubernetesNode, type Cluster, type ClusterNode } from '../cluster/cluster.ts';
import { oldestKubelet } from '../cluster/upgrades.ts';
import { dataAway, dataBack, ETCDCTL, memberAway, memberBack } from './etcd-member.ts';

/** A part of an upgrade that is finished before the next begins. Lines are for people; commands stand in backticks. */
export interface Step {
  readonly kind: 'look' | 'generate' | 'control-plane' | 'etcd' | 'workers' | 'others' | 'add-ons';
  readonly title: string;
  /** Nodes that are re-made in this step. */
  readonly nodes: readonly string[];
  readonly lines: readonly string[];
  /** What must be true before the next step. */
  readonly until: readonly string[];
}

/** All that the steps of an upgrade are made from. */
export interface StepInput {
  /** As it will be. */
  readonly cluster: Cluster;
  readonly blueprint: string;
  /** Whether downloads have no known hash. */
  readonly isUnpinned: boolean;
  /** Nodes whose files change. */
  readonly changed: ReadonlySet<string>;
  /** Where a node's payload will lie. */
  readonly payloadOf: (node: ClusterNode) => string;
  /** Add-ons that change, by name. */
  readonly addons: readonly string[];
}

/**
 * The order in which nodes are re-made. Control-plane nodes first, one at a time: no kubelet may be newer than an API
 * server it talks to. etcd nodes of their own come behind, for most have a kubelet, too, and new API servers take the
 * etcd of the version before (kubeadm's MinExternalEtcdVersion). Then the workers, and machines that are no nodes of Kubernetes.
 */
export function stepsOf(input: StepInput): Step[] {
  const { cluster, changed } = input;
  const nodes = cluster.nodes.filter(({ name }) => changed.has(name));
  const [first, others] = [nodes.filter(isControlPlane), nodes.filter((node) => !isControlPlane(node))];
  const members = others.filter((node) => isEtcdMember(cluster, node));
  const rest = others.filter((node) => !isEtcdMember(cluster, node));
  const workers = rest.filter((node) => isKubernetesNode(cluster, node));
  return [
    look(cluster),
    generate(input),
    ...first.map((node) => single(input, node, 'control-plane')),
    ...members.map((node) => single(input, node, 'etcd')),
    ...(workers.length > 0 ? [several(input, workers)] : []),
    ...rest.filter((node) => !workers.includes(node)).map((node) => single(input, node, 'others')),
    end(input),
  ];
}

function look(cluster: Cluster): Step {
  const { kubernetes, facts } = cluster.versions;
  const [member] = cluster.etcdNodes;
  const snapshot = `/var/lib/etcd/data/before-${kubernetes}.db`;
  return {
    kind: 'look',
    title: 'See that the cluster is well, and save a snapshot',
    nodes: [],
    lines: [
      `\`kubectl get nodes\`: all Ready, none older than ${oldestKubelet(facts, kubernetes)}`,
      '`kubectl get --raw /metrics | grep apiserver_requested_deprecated_apis`: what still asks for APIs that go away',
      `on ${member?.name ?? ''}: \`${ETCDCTL} endpoint health --cluster\`: every member is healthy`,
      `on ${member?.name ?? ''}: \`${ETCDCTL} snapshot save ${snapshot}\`; move the file off the machine, it holds all of the cluster’s secrets`,
    ],
    until: [],
  };
}

function generate({ cluster, blueprint, isUnpinned }: StepInput): Step {
  return {
    kind: 'generate',
    title: 'Write the new payloads',
    nodes: [],
    lines: [
      ...(isUnpinned ? [`\`triskel pin ${blueprint}\``] : []),
      `\`triskel generate ${blueprint}\``,
      'read `git diff`, and commit it',
      ...(cluster.payload.serve === undefined ? [] : ['put `boot/serve/` onto the web server of payload.serve']),
    ],
    until: [],
  };
}

function single(input: StepInput, node: ClusterNode, kind: 'control-plane' | 'etcd' | 'others'): Step {
  const { cluster } = input;
  const { name, etcdDisk } = node;
  const isMember = isEtcdMember(cluster, node);
  const peer = cluster.etcdNodes.find((member) => member !== node);
  const way = !isMember || etcdDisk !== undefined ? undefined : peer === undefined ? 'copy' : 'replace';
  const disk = isMember && etcdDisk !== undefined ? '; etcd’s disk stays attached, with its data' : '';
  const isNode = isKubernetesNode(cluster, node);
  const what = [
    ...(isControlPlane(node) ? ['control plane'] : []),
    ...(isMember ? ['etcd member'] : []),
    ...(kind === 'others' ? node.roles : []),
  ];
  const server = hostPort(node.addresses[0].text, cluster.controlPlane.port);
  return {
    kind,
    title: `Re-make ${name}: ${what.join(', ')}`,
    nodes: [name],
    lines: [
      ...(isNode ? drained(cluster, name) : []),
      ...(way === 'copy'
        ? dataAway(cluster, name)
        : way === 'replace' && peer !== undefined
          ? memberAway(node, peer)
          : []),
      `make the machine anew from ${input.payloadOf(node)}${disk}`,
      ...(way === 'copy'
        ? dataBack(cluster, name)
        : way === 'replace' && peer !== undefined
          ? memberBack(node, peer)
          : []),
      ...(isNode ? uncordoned(cluster, name) : []),
    ],
    until: [
      ...(isMember ? [`on ${name}: \`${ETCDCTL} endpoint health --cluster\`: every member is healthy`] : []),
      ...(isControlPlane(node) ? [`\`kubectl get --raw /readyz --server https://${server}\`: ok`] : []),
      ...(isNode ? [ready(cluster, name)] : []),
    ],
  };
}

function several(input: StepInput, nodes: readonly ClusterNode[]): Step {
  const [only, ...more] = nodes;
  const name = only !== undefined && more.length === 0 ? only.name : '<node>';
  const payloads = new Set(
    nodes.map((node) => {
      const path = input.payloadOf(node);
      const start = path.lastIndexOf('/') + 1;
      return path.slice(0, start) + name + path.slice(start + node.name.length);
    }),
  );
  return {
    kind: 'workers',
    title: 'Re-make the workers, as many at a time as their workloads can miss',
    nodes: nodes.map((node) => node.name),
    lines: [
      ...drained(input.cluster, name),
      `make the machine anew from ${[...payloads].join(' or ')}`,
      ...uncordoned(input.cluster, name),
    ],
    until: [ready(input.cluster, name)],
  };
}

/** A node that is alone has nowhere to send its pods. */
function drained({ nodes }: Cluster, name: string): string[] {
  return nodes.length > 1 ? [`\`kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data\``] : [];
}

function uncordoned({ nodes }: Cluster, name: string): string[] {
  return nodes.length > 1 ? [`\`kubectl uncordon ${name}\``] : [];
}

function ready({ versions }: Cluster, name: string): string {
  return `\`kubectl get node ${name}\`: Ready, v${versions.kubernetes}`;
}

/** The appliers' own rule: components/addons/apply-addons.sh. */
function end({ cluster, addons }: StepInput): Step {
  const { kubernetes } = cluster.versions;
  return {
    kind: 'add-ons',
    title: 'See that the add-ons have followed',
    nodes: [],
    lines: [
      addons.length === 0
        ? 'no add-on changes'
        : `the control-plane nodes apply them by themselves, those of a new minor version once all of them have it: ${addons.join(', ')}`,
      '`kubectl -n kube-system get configmap triskel-addons -o yaml`' +
        `: kubernetes ${kubernetes}, revision ${String(cluster.addons.revision)}; kept lists what somebody changed by hand and has to update`,
      `\`kubectl get nodes\`: all Ready, v${kubernetes}`,
    ],
    until: [],
  };
}
