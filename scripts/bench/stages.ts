import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The functions in which the stages begin; what they call belongs to them. */
const STAGES = new Map(
  Object.entries({
    parseBlueprint: 'parse',
    decode: 'decode',
    resolve: 'resolve',
    review: 'review',
    secretsOf: 'plan: certificates and keys',
    addonSet: 'plan: add-ons',
    itemsOf: 'plan: components',
    mergeItems: 'merge',
    adapt: 'adapt',
    choosePayload: 'render: size of the payload',
    reviewed: 'render: for review',
    treeOf: 'lay out the tree, hash it',
    compareFolder: 'write: compare with the disk',
    applyChanges: 'write',
    openStoreFile: 'open the store',
    ensureSecrets: 'issue',
    sealNode: 'seal',
    '(garbage collector)': 'garbage collection',
  }),
);

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Time by stage out of the largest profile of a folder, the longest first; what belongs to none comes last. */
export function stagesOf(folder: string): { stage: string; milliseconds: number }[] {
  const [largest = ''] = readdirSync(folder)
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(largest, 'utf8')) as Profile;
  const stageOf = new Map<number, string>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (id: number, inherited: string | undefined): void => {
    const node = byId.get(id);
    const stage = inherited ?? STAGES.get(node?.callFrame.functionName ?? '');
    if (stage !== undefined) stageOf.set(id, stage);
    for (const child of node?.children ?? []) visit(child, stage);
  };
  visit(nodes[0]?.id ?? 0, undefined);
  const rest = 'start-up and all else';
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const stage = stageOf.get(id) ?? rest;
    sums.set(stage, (sums.get(stage) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return [...sums]
    .map(([stage, milliseconds]) => ({ stage, milliseconds }))
    .sort((a, b) => Number(a.stage === rest) - Number(b.stage === rest) || b.milliseconds - a.milliseconds);
}
