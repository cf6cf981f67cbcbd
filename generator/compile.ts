import { groupBy } from './base/order.ts';
import { decode } from './blueprint/decode.ts';
import { inFileOrder, locator } from './blueprint/locate.ts';
import { parseBlueprint } from './blueprint/parse.ts';
import { isKubernetesNode, type Cluster, type ClusterNode } from './cluster/cluster.ts';
import { resolve } from './cluster/resolve.ts';
import { systemFacts } from './cluster/systems.ts';
import { applierItems } from './components/addons/addons.ts';
import { addonSet, type AddonSet } from './components/addons/set.ts';
import { firewallItems } from './components/firewall/firewall.ts';
import { readCompanions } from './companions.ts';
import { components } from './components/index.ts';
import { kubeadmAddon, kubeadmItems } from './components/kubeadm/kubeadm.ts';
import { at, blocks, diagnostic, type Checked, type Diagnostic } from './diagnostics/diagnostic.ts';
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
import { claimsOf, type Neighbours } from './review/neighbour.ts';
import { review, unknownAcknowledgements, type Acknowledgements } from './review/review.ts';
import { folderRules, planRules, rules } from './review/rules.ts';
import { secretsOf } from './secrets/certificates.ts';
import { specimensOf } from './secrets/specimens.ts';
import type { SecretsSpec } from './secrets/specs.ts';

/** A blueprint read and decided: parse → decode → resolve. */
export interface DecidedCluster {
  /** Undefined when an error keeps it from being decided. */
  readonly cluster: Cluster | undefined;
  readonly acknowledge: Acknowledgements;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
  /** The same findings in the order of the file. */
  readonly inOrder: (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];
}

/** The same with what all nodes have in common: the options of components, the review of the cluster, its secrets. */
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

/** Reads and decides, and reviews nothing. `textOf` knows the texts of other files that diagnostics may speak of. */
export function decideCluster(
  file: string,
  files: BlueprintFiles,
  textOf: BlueprintFiles['textOf'] = () => undefined,
): DecidedCluster {
  const tree = parseBlueprint(file, files.read);
  const locate = locator(file, tree.value, (name) => files.textOf(name) ?? textOf(name));
  const inOrder = (found: readonly Diagnostic[]): readonly Diagnostic[] =>
    tree.value === undefined ? found : inFileOrder(tree.value, found);
  const decided = (
    found: readonly Diagnostic[],
    cluster?: Cluster,
    acknowledge: Acknowledgements = [],
  ): DecidedCluster => ({
    cluster,
    acknowledge,
    diagnostics: inOrder(found),
    locate,
    inOrder,
  });
  if (tree.value === undefined) return decided(tree.diagnostics);
  const blueprint = decode(tree.value.value);
  if (blueprint.value === undefined) return decided(blueprint.diagnostics);
  const companions = readCompanions(file, blueprint.value, files);
  if (companions.value === undefined) return decided(companions.diagnostics);
  const resolved = resolve(blueprint.value, companions.value);
  const found = unique([...companions.diagnostics, ...resolved.diagnostics]);
  return decided(found, resolved.value, blueprint.value.acknowledge);
}

/** Reads what all nodes have in common; quick however many nodes there are. */
export function readCluster(file: string, files: BlueprintFiles): ReadCluster {
  return readDecided(decideCluster(file, files));
}

function readDecided({ cluster, acknowledge, diagnostics, locate, inOrder }: DecidedCluster): ReadCluster {
  if (cluster === undefined) return { cluster, secrets: undefined, diagnostics, locate };
  const options = components.flatMap((component) => component.check?.(cluster) ?? []);
  const findings = [...review(rules, cluster, acknowledge), ...unknownAcknowledgements(acknowledge)];
  return {
    cluster,
    secrets: secretsOf(cluster),
    diagnostics: [...diagnostics, ...inOrder(options), ...findings],
    locate,
  };
}

/**
 * All of a blueprint's nodes. What belongs to the whole cluster is made once, so that the work grows with the nodes.
 * Without neighbours the rules about them are not asked.
 */
export async function compile(
  file: string,
  files: BlueprintFiles,
  progress: Progress,
  neighbours?: Neighbours,
): Promise<Compilation> {
  const decided = decideCluster(file, files, neighbours?.textOf);
  const read = readDecided(decided);
  const { cluster, secrets } = read;
  if (cluster === undefined || secrets === undefined) return { ...read, addons: undefined, plans: [], nodes: [] };
  const addons = addonSet(
    cluster,
    [
      ...components.flatMap((component) => component.addon?.(cluster) ?? []),
      ...[kubeadmAddon(cluster, components) ?? []].flat(),
    ],
    components.flatMap((component) => component.rights?.(cluster) ?? []),
  );
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
  diagnostics.push(...review(planRules, { cluster, plans }, decided.acknowledge));
  if (neighbours !== undefined) diagnostics.push(...reviewBeside(cluster, neighbours, decided.acknowledge));
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

/** What is to be said of a cluster because of those beside it. A copy of it is told by its name alone. */
function reviewBeside(cluster: Cluster, { all, unread }: Neighbours, acknowledge: Acknowledgements): Diagnostic[] {
  const own = claimsOf(cluster);
  const sameName = all
    .filter(({ claims }) => claims.name === own.name)
    .map(({ file, place }) => {
      const text = `${file} is called ${own.name}, too: both would write the same folder`;
      return diagnostic('output/same-cluster', text, [at(['name']), place(['name'], 'the same name')]);
    });
  const neighbours = all.filter(({ claims }) => claims.name !== own.name);
  return [...sameName, ...review(folderRules, { own, neighbours }, acknowledge), ...unread];
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

/** What is wrong on many nodes alike is said once. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const same = groupBy(diagnostics, (d) => JSON.stringify([d.code, d.message, d.places]));
  return [...same.values()].flatMap(([first]) => first ?? []);
}
