import { isMap, isScalar, isSeq, Document } from 'yaml';
import { addressOf, parseAddress } from '../base/networks.ts';
import type { OperatingSystem } from '../cluster/cluster.ts';
import { systemFacts } from '../cluster/systems.ts';

/** What a first blueprint is made from. */
export interface Answers {
  readonly name: string;
  readonly os: OperatingSystem['name'];
  /** Addresses of the control-plane nodes. */
  readonly controlPlane: readonly string[];
  readonly workers: readonly string[];
  /** host:port of the load balancer; needed with more than one control-plane node. */
  readonly endpoint: string | undefined;
  /** The nodes' network; undefined: the /24 or /64 around the first address. */
  readonly network: string | undefined;
  /** A line of authorized_keys. */
  readonly sshKey: string | undefined;
}

const COMMENTS: Readonly<Record<string, string>> = {
  name: ' Names the output folder, certificates and cloud resources.',
  endpoint: ' A load balancer for TCP to port 6443 of every control-plane node.',
  network: ' pods and services have defaults: 10.244.0.0/16 and 10.96.0.0/16.',
  access: ' Who may log in by SSH.',
  nodes:
    ' A node’s name is its host name, node name and certificate name. Give control-plane nodes a zone each, where there are zones.',
};

/** A blueprint with comments for people who write their first one. `schema` is where their editor finds the schema. */
export function initialBlueprint(answers: Answers, schema: string): string {
  const { name, os, endpoint, sshKey, controlPlane, workers } = answers;
  const node = (prefix: string, role: string) => (address: string, index: number) => ({
    name: `${prefix}${String(index)}`,
    roles: workers.length === 0 && role === 'control-plane' ? [role, 'worker'] : [role],
    address,
  });
  const document = new Document({
    apiVersion: 'triskel/v1',
    name,
    ...(endpoint === undefined ? {} : { endpoint: { type: 'external', internal: endpoint } }),
    network: { nodes: answers.network ?? networkAround(controlPlane[0] ?? '') },
    os: { name: os },
    ...(sshKey === undefined
      ? {}
      : {
          access: { users: [{ name: userOf(os), sshKeys: [sshKey] }] },
        }),
    nodes: [...controlPlane.map(node('cp', 'control-plane')), ...workers.map(node('worker', 'worker'))],
  });
  layOut(document);
  const text = document.toString({ lineWidth: 0, indentSeq: true, flowCollectionPadding: true });
  return `# yaml-language-server: $schema=${schema}\n${text}`;
}

/** The image's own account where one can log in with it; else a name that no system has for an account or a group. */
function userOf(os: Answers['os']): string {
  return systemFacts[os].format === 'ignition' ? 'core' : 'ops';
}

/** Comments above keys; each node, and every other map, on one line. */
function layOut(document: Document): void {
  if (!isMap(document.contents)) return;
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key)) continue;
    const comment = COMMENTS[String(key.value)];
    if (comment !== undefined) key.commentBefore = comment;
    if (isMap(value) && key.value !== 'access') value.flow = true;
    if (isSeq(value)) for (const item of value.items) if (isMap(item)) item.flow = true;
  }
}

/** The network that an address most likely lies in; the text itself when it is no address. */
function networkAround(text: string): string {
  const address = parseAddress(text);
  if (address === undefined) return text;
  const [prefix, bits] = address.family === 'ipv4' ? [24, 32] : [64, 128];
  const size = 1n << BigInt(bits - prefix);
  const first = addressOf(address.family, address.value - (address.value % size));
  return `${first.text}/${String(prefix)}`;
}

/** `a, b,c` → its parts. */
export function listOf(text = ''): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
