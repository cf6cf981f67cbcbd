import { join } from 'node:path';
import { counted } from '../base/counted.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { programsOf } from '../output/programs.ts';
import { payloadName } from '../output/seal.ts';
import { BOOT, treeOf } from '../output/tree.ts';
import type { Edit } from '../upgrade/edit.ts';
import { onlyCopies, planText, planUpgrade, type UpgradePlan } from '../upgrade/plan.ts';
import type { Outcome } from './context.ts';
import { unified } from './diff.ts';
import type { Ready } from './generation.ts';
import type { PinTargets } from './pin-targets.ts';
import type { Made } from './upgrade-made.ts';

/** What an upgrade was made of. */
export interface Upgrade {
  readonly file: string;
  /** The blueprint's text before. */
  readonly old: string;
  /** undefined: the blueprint has the version already. */
  readonly edit: Edit | undefined;
  readonly made: Made;
  readonly after: Ready;
  /** What is to be pinned before it is generated. */
  readonly open: PinTargets;
  readonly dryRun: boolean;
  /** --output */
  readonly folder: string;
}

/** What is told of an upgrade, once the blueprint is written or left as it is. */
export function outcomeOf(upgrade: Upgrade): Outcome {
  const { file, old, edit, made, after, open, folder } = upgrade;
  const { cluster } = after;
  const payloads = new Map(after.nodes.map((rendered) => [rendered.node.name, payloadName(rendered)]));
  const plan = planUpgrade({
    cluster,
    blueprint: file,
    isUnpinned: open.downloads.length + open.images.length > 0,
    payloadOf: ({ name }) => join(folder, cluster.name, BOOT, payloads.get(name) ?? name),
    before: { tree: made.tree(), programs: made.programs },
    after: {
      tree: treeOf(after),
      programs: Object.fromEntries(programsOf(cluster).map(({ program, version }) => [program, version])),
    },
  });
  const patch = edit === undefined ? '' : unified(file, old, edit.text);
  return {
    text: `${title(upgrade)}${patch}${plan.nodes.length === 0 ? 'No node changes.\n' : planText(plan)}`,
    value: valueOf(upgrade, plan, patch),
    diagnostics: [
      ...after.diagnostics,
      ...made.diagnostics,
      ...outvoted(edit),
      ...unpinnedFindings(open),
      ...(plan.nodes.length === 0 ? [] : onlyCopies(cluster)),
    ],
    locate: after.locate,
  };
}

function title({ file, edit, made, after, dryRun }: Upgrade): string {
  const { name, versions } = after.cluster;
  const [from, to] = [made.release.kubernetes, versions.kubernetes];
  const what = from === to ? `${name}: Kubernetes stays ${to}` : `${name}: Kubernetes ${from} → ${to}`;
  const how = edit === undefined ? `${file} says so already` : dryRun ? 'nothing was written' : `written to ${file}`;
  return `${what}; ${how}\n`;
}

function valueOf({ file, edit, made, after, open, dryRun }: Upgrade, plan: UpgradePlan, patch: string): object {
  return {
    blueprint: file,
    cluster: plan.cluster,
    from: made.release.kubernetes,
    to: after.cluster.versions.kubernetes,
    written: edit !== undefined && !dryRun,
    edit: edit === undefined ? null : { change: edit.change, patch },
    unpinned: {
      downloads: open.downloads.map(({ url }) => url),
      images: open.images.map(({ reference }) => reference),
    },
    versions: plan.versions,
    nodes: plan.nodes,
    steps: plan.steps,
  };
}

function unpinnedFindings({ downloads, images }: PinTargets): Diagnostic[] {
  const parts = [
    ...(downloads.length > 0 ? [`${counted(downloads.length, 'download')} without a known hash`] : []),
    ...(images.length > 0
      ? [`${counted(images.length, 'image')} without a digest, beside others that are pinned`]
      : []),
  ];
  return parts.length === 0 ? [] : [diagnostic('upgrade/unpinned', parts.join(', '))];
}

function outvoted(edit: Edit | undefined): Diagnostic[] {
  if (edit?.outvoted === undefined) return [];
  const { file, version } = edit.outvoted;
  const place = { file, path: ['kubernetes', 'version'] };
  return [diagnostic('upgrade/outvoted-fragment', `${version} no longer counts for this blueprint`, [place])];
}
