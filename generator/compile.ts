import { groupBy } from './base/order.ts';
import type { Path } from './base/paths.ts';
import type { Blueprint } from './blueprint/blueprint.types.ts';
import { decode } from './blueprint/decode.ts';
import { inFileOrder, locator } from './blueprint/locate.ts';
import { parseBlueprint } from './blueprint/parse.ts';
import { isKubernetesNode, type Cluster, type ClusterNode } from './cluster/cluster.ts';
import { factsOf, parseFacts } from './cluster/facts-file.ts';
import { parsePart, partPlaces } from './cluster/parts.ts';
import { noPins, parsePins, pinsFileOf } from './cluster/pins.ts';
import { resolve, type Companions } from './cluster/resolve.ts';
import { systemFacts } from './cluster/systems.ts';
import { applierItems } from './components/addons/addons.ts';
import { addonSet, type AddonSet } from './components/addons/set.ts';
import { firewallItems } from './components/firewall/firewall.ts';
import { components } from './components/index.ts';
import { kubeadmAddon, kubeadmItems } from './components/kubeadm/kubeadm.ts';
import { at, blocks, type Checked, type Diagnostic } from './diagnostics/diagnostic.ts';
import type { Locate } from './diagnostics/source-text.ts';
import type { BlueprintFiles } from './host/blueprint-files.ts';
import type { Progress } from './host/terminal.ts';
import type { PlanItem } from './nodeplan/items.ts';
import { mergeItems } from './nodeplan/merge.ts';
import type { NodePlan } from './nodeplan/nodeplan.ts';
import { outsideSources } from './output/outside-sources.ts';
import { reviewSizes } from './output/payload-size.ts';
import { renderNode, type RenderedNode } from './output/rendered-node.ts';
import { platformOf } from './platforms/index.ts';
import { review } from './review/review.ts';
import { secretsOf } from './secrets/certificates.ts';
import { specimensOf } from './secrets/specimens.ts';
import type { SecretsSpec } from './secrets/specs.ts';

/** A blueprint read and decided: parse → decode → resolve → review. */
export interface ReadCluster {
  /** Undefined when an error keeps it from being decided; review errors do not. */
  readonly cluster: Cluster | undefined;
  readonly secrets: SecretsSpec | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
}

/** A blueprint compiled as far as it can be: plan → merge → adapt → render. */
export interface Compilation extends ReadCluster {
  readonly addons: AddonSet | undefined;
  /** Merged, not yet adapted to an operating system; empty without a cluster. */
  readonly plans: readonly NodePlan[];
  /** What is written and sealed; empty when an error blocks. */
  readonly nodes: readonly RenderedNode[];
}

/** Reads what all nodes have in common; quick however many nodes there are. */
export function readCluster(file: string, files: BlueprintFiles): ReadCluster {
  const tree = parseBlueprint(file, files.read);
  const locate = locator(file, tree.value, files.textOf);
  const stopped = (diagnostics: readonly Diagnostic[]): ReadCluster => ({
    cluster: undefined,
    secrets: undefined,
    diagnostics,
    locate,
  });
  if (tree.value === undefined) return stopped(tree.diagnostics);
  const blueprint = decode(tree.value.value);
  if (blueprint.value === undefined) return stopped(inFileOrder(tree.value, blueprint.diagnostics));
  const companions = readCompanions(file, blueprint.value, files);
  if (companions.value === undefined) return stopped(inFileOrder(tree.value, companions.diagnostics));
  const resolved = resolve(blueprint.value, companions.value);
  const found = unique([...companions.diagnostics, ...resolved.diagnostics]);
  const diagnostics = inFileOrder(tree.value, found);
  const cluster = resolved.value;
  if (cluster === undefined) return stopped(diagnostics);
  const options = components.flatMap((component) => component.check?.(cluster) ?? []);
  diagnostics.push(...inFileOrder(tree.value, options));
  const findings = review(cluster, blueprint.value.acknowledge ?? []);
  return { cluster, secrets: secretsOf(cluster), diagnostics: [...diagnostics, ...findings], locate };
}

/** All of a blueprint's nodes. What belongs to the whole cluster is made once, so that the work grows with the nodes. */
export async function compile(file: string, files: BlueprintFiles, progress: Progress): Promise<Compilation> {
  const read = readCluster(file, files);
  const { cluster, secrets } = read;
  if (cluster === undefined || secrets === undefined) return { ...read, addons: undefined, plans: [], nodes: [] };
  const addons = addonSet(cluster, [
    ...components.flatMap((component) => component.addon?.(cluster) ?? []),
    ...[kubeadmAddon(cluster, components) ?? []].flat(),
  ]);
  const diagnostics = [...read.diagnostics, ...addons.diagnostics];
  const plans: NodePlan[] = [];
  const adapted: NodePlan[] = [];
  for (const node of cluster.nodes) {
    await progress(`${cluster.name}: planning ${node.name}`);
    const plan = take(mergeItems(node, itemsOf(cluster, node, addons.value)));
    if (plan === undefined) continue;
    plans.push(plan);
    const ofSystem = take(platformOf(node.os).adapt(plan, cluster));
    if (ofSystem !== undefined) adapted.push(ofSystem);
  }
  diagnostics.push(...outsideSources(cluster, plans));
  const nodes: RenderedNode[] = [];
  if (!blocks(diagnostics)) {
    const specimen = specimensOf(secrets);
    for (const plan of adapted) {
      await progress(`${cluster.name}: rendering ${plan.node.name}`);
      nodes.push(renderNode(plan, cluster, systemFacts[plan.node.os.name].format, specimen));
    }
    const sizes = nodes.map((rendered) => ({ rendered, bytes: rendered.payload.upperBoundBytes }));
    diagnostics.push(...reviewSizes(sizes, cluster));
  }
  return { ...read, diagnostics: unique(diagnostics), addons: addons.value, plans, nodes };

  function take<T>({ value, diagnostics: found }: Checked<T>): T | undefined {
    diagnostics.push(...found);
    return value;
  }
}

function itemsOf(cluster: Cluster, node: ClusterNode, addons: AddonSet | undefined): readonly PlanItem[] {
  const planned = [
    ...components.flatMap((component) => component.plan?.(cluster, node) ?? []),
    ...kubeadmItems(cluster, node, components),
  ];
  const own = [...planned, ...firewallItems(cluster, planned)];
  if (addons === undefined || !isKubernetesNode(cluster, node)) return own;
  // The scheduler may put an add-on's pods on any node.
  const images = addons.images.map((reference) => ({ kind: 'image', reference }) as const);
  return [...own, ...images, ...applierItems(cluster, node, addons)];
}

/** The facts, pins, manifests and parts of user data beside a blueprint; what cannot be read is told at the place that names it. */
function readCompanions(file: string, blueprint: Blueprint, files: BlueprintFiles): Checked<Companions> {
  const pinsFile = pinsFileOf(file);
  const text = files.readIfThere(pinsFile);
  const pins = text?.value === undefined ? undefined : parsePins(pinsFile, text.value);
  const manifests = (blueprint.addons?.manifests ?? []).map((name, index) => {
    const { value, diagnostics } = readNamed(name, ['addons', 'manifests', index]);
    return { value: value === undefined ? undefined : { file: name, text: value.text }, diagnostics };
  });
  const layers = (blueprint.facts ?? []).map((name, index) => {
    const { value, diagnostics } = readNamed(name, ['facts', index]);
    return value === undefined ? { value: undefined, diagnostics } : parseFacts(value.file, value.text);
  });
  const unread = layers.flatMap(({ diagnostics }) => diagnostics);
  const facts = blocks(unread) ? undefined : factsOf(layers.flatMap(({ value }) => value ?? []));
  const parts = partPlaces(blueprint).flatMap(({ path, files: names }) =>
    names.map((name, index) => {
      const origin = [...path, index];
      const { value, diagnostics } = readNamed(name, origin);
      return value === undefined ? { value: undefined, diagnostics } : parsePart(name, value.text, origin);
    }),
  );
  const diagnostics = [
    ...unread,
    ...(facts?.diagnostics ?? []),
    ...(text?.diagnostics ?? []),
    ...(pins?.diagnostics ?? []),
    ...[...manifests, ...parts].flatMap(({ diagnostics: found }) => found),
  ];
  if (facts?.value === undefined) return { value: undefined, diagnostics };
  const found = manifests.flatMap(({ value }) => value ?? []);
  const read = new Map(parts.flatMap(({ value }) => (value === undefined ? [] : [[value.file, value] as const])));
  return { value: { facts: facts.value, pins: pins?.value ?? noPins, manifests: found, parts: read }, diagnostics };

  function readNamed(name: string, path: Path): Checked<{ file: string; text: string }> {
    const read = files.read(name, file);
    const told = read.text.diagnostics.map((d) => ({ ...d, message: `${name}: ${d.message}`, places: [at(path)] }));
    const { value } = read.text;
    return { value: value === undefined ? undefined : { file: read.file, text: value }, diagnostics: told };
  }
}

/** What is wrong on many nodes alike is said once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const same = groupBy(diagnostics, (d) => JSON.stringify([d.code, d.message, d.places]));
  return [...same.values()].flatMap(([first]) => first ?? []);
}
