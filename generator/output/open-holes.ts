import { describeHole } from '../secrets/fill.ts';
import { findHoles, holeId, type Hole } from '../secrets/holes.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import type { RenderedNode } from './rendered-node.ts';
import { unpackedFiles } from './unpacked-files.ts';

export interface OpenHole {
  readonly id: string;
  /** What it is and what fills it. */
  readonly what: string;
  /** Names of the nodes whose payload has it. */
  readonly nodes: string;
}

/** The holes of payloads that `generate` cannot fill by itself, and which nodes wait for them. */
export function openHoles(secrets: SecretsSpec, nodes: readonly RenderedNode[]): OpenHole[] {
  const open = new Map(
    secrets.values.filter(({ from }) => from !== 'generated').map((value) => [holeId(value), [] as string[]]),
  );
  if (open.size === 0) return [];
  for (const rendered of nodes)
    for (const id of new Set(holesOf(rendered).map(holeId))) open.get(id)?.push(rendered.node.name);
  return secrets.values.flatMap((value) => {
    const waiting = open.get(holeId(value)) ?? [];
    if (waiting.length === 0) return [];
    const what = describeHole(secrets, value) ?? value.title;
    return [{ id: holeId(value), what, nodes: waiting.length === nodes.length ? 'all' : waiting.join(', ') }];
  });
}

function holesOf({ plan }: RenderedNode): Hole[] {
  const texts = [...unpackedFiles(plan).map(({ content }) => content), ...plan.filesystems.map(({ device }) => device)];
  return texts.flatMap(findHoles);
}
