import type { Cluster } from '../cluster/cluster.ts';
import { at, diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { nodeChanges, type ChangedNodes } from './node-changes.ts';
import { stepsOf, type Step, type StepInput } from './steps.ts';

/** Versions by program, as the tree's manifest and README name them. */
export type Programs = Readonly<Record<string, string>>;

/** What an upgrade changes, and in what order it reaches the nodes. */
export interface UpgradePlan {
  readonly cluster: string;
  /** Programs whose version changes. */
  readonly versions: readonly { readonly program: string; readonly from: string; readonly to: string }[];
  readonly nodes: readonly ChangedNodes[];
  readonly steps: readonly Step[];
}

/** All that an upgrade is planned from: the trees and versions before and after. */
export interface PlanInput extends Omit<StepInput, 'changed' | 'addons'> {
  readonly before: { readonly tree: ReadonlyMap<string, string>; readonly programs: Programs };
  readonly after: { readonly tree: ReadonlyMap<string, string>; readonly programs: Programs };
}

/** Where an add-on lies on a control-plane node: `/etc/kubernetes/addons/20-coredns.yaml`. */
const ADDON = /^\/etc\/kubernetes\/addons\/[0-9]+-(.+)\.yaml$/;

/** From two trees to the plan. */
export function planUpgrade(input: PlanInput): UpgradePlan {
  const { cluster, before, after } = input;
  const changes = nodeChanges(
    before.tree,
    after.tree,
    cluster.nodes.map(({ name }) => name),
  );
  const paths = changes.flatMap(({ added, changed }) => [...added, ...changed]);
  const addons = [...new Set(paths.flatMap((path) => ADDON.exec(path)?.[1] ?? []))].sort();
  return {
    cluster: cluster.name,
    versions: Object.entries(after.programs).flatMap(([program, to]) => {
      const from = before.programs[program] ?? 'none';
      return from === to ? [] : [{ program, from, to }];
    }),
    nodes: changes,
    steps:
      changes.length === 0
        ? []
        : stepsOf({ ...input, changed: new Set(changes.flatMap(({ nodes }) => nodes)), addons }),
  };
}

/** The only etcd member, without a disk of its own: whoever re-makes its machine loses the cluster. */
export function onlyCopies(cluster: Cluster): Diagnostic[] {
  const [only, ...others] = cluster.etcdNodes;
  if (only === undefined || others.length > 0 || only.etcdDisk !== undefined) return [];
  return [diagnostic('upgrade/only-copy', `${only.name} is the only etcd member, on its root disk`, [at(only.origin)])];
}

/** Lines of text, for people. */
export function planText(plan: UpgradePlan): string {
  const versions = plan.versions.map(({ program, from, to }) => `  ${program.padEnd(26)} ${from} → ${to}\n`);
  const files = plan.nodes.map(
    ({ nodes, added, changed, removed }) =>
      `  ${someOf(nodes)}\n` +
      [
        ...added.map((p) => `    + ${p}\n`),
        ...changed.map((p) => `    ~ ${p}\n`),
        ...removed.map((p) => `    - ${p}\n`),
      ].join(''),
  );
  return [
    ...(versions.length === 0 ? [] : ['\nVersions\n', ...versions]),
    ...(files.length === 0 ? [] : ['\nFiles that change\n', ...files]),
    ...(plan.steps.length === 0 ? [] : [INTRODUCTION, ...plan.steps.map(stepText)]),
  ].join('');
}

const INTRODUCTION = `
What to do now. User data runs once in a machine's life: a node gets the new version by being made anew, and each step
waits until what stands behind "until" is true. Keep this text: once \`generate\` has run, it cannot be shown again.
`;

function stepText({ kind, title, nodes, lines, until }: Step, index: number): string {
  const who = kind === 'workers' ? `: ${someOf(nodes)}` : '';
  return [
    `\n${String(index + 1)}. ${title}${who}\n`,
    ...lines.map((line) => `   - ${line}\n`),
    ...until.map((line) => `   until ${line}\n`),
  ].join('');
}

/** As many names as people read. */
function someOf(names: readonly string[]): string {
  const most = 10;
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${String(more)} more` : '');
}
