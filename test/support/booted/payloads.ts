import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPins } from '../../../generator/cluster/pins.ts';
import { compile, type Compilation } from '../../../generator/compile.ts';
import { blocks } from '../../../generator/diagnostics/diagnostic.ts';
import { blueprintFiles } from '../../../generator/host/blueprint-files.ts';
import { noProgress } from '../../../generator/host/terminal.ts';
import type { Mirror } from '../../../generator/host/lab/mirror.ts';
import { seedOf } from '../../../generator/lab/seed.ts';
import type { NodePlan } from '../../../generator/nodeplan/nodeplan.ts';
import { mapTexts } from '../../../generator/nodeplan/texts.ts';
import { sealNode } from '../../../generator/output/seal.ts';
import { fillFrom } from '../../../generator/secrets/fill.ts';
import { fillHoles } from '../../../generator/secrets/holes.ts';
import { storeOf } from '../secrets.ts';

/** A node's payload as `generate` seals it, and the plan that it was made of, with its secrets. */
export interface SealedPlan {
  /** Adapted to the node's operating system. */
  readonly plan: NodePlan;
  readonly payload: Uint8Array;
  /** What the cloud lays on the machine's disk. */
  readonly seed: Readonly<Record<string, string | Uint8Array>>;
}

/** The same with another payload. */
export function withPayload(sealed: SealedPlan, payload: Uint8Array): SealedPlan {
  return { ...sealed, payload, seed: { ...sealed.seed, '/var/lib/cloud/seed/nocloud/user-data': payload } };
}

/** A blueprint's nodes, sealed; the mirror offers what they download. */
export async function sealedPlans(
  blueprint: object,
  { offer }: Pick<Mirror, 'offer'>,
): Promise<ReadonlyMap<string, SealedPlan>> {
  const folder = mkdtempSync(join(tmpdir(), 'triskel-blueprint-'));
  const compiled = async (): Promise<Compilation> => {
    const compilation = await compile(join(folder, 'lab.yaml'), blueprintFiles(), noProgress);
    if (!blocks(compilation.diagnostics)) return compilation;
    throw new Error(compilation.diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
  };
  try {
    // JSON is YAML.
    writeFileSync(join(folder, 'lab.yaml'), JSON.stringify(blueprint));
    const { plans, cluster } = await compiled();
    const { hashes } = offer(
      plans.flatMap((plan) => plan.downloads),
      cluster!.versions,
    );
    writeFileSync(join(folder, 'lab.pins.yaml'), formatPins({ downloads: hashes, images: {} }));
    const { nodes, secrets } = await compiled();
    const fill = fillFrom(await storeOf(secrets!, new Date()));
    return new Map(
      nodes.map((rendered) => {
        const { payload, open } = sealNode(rendered, fill);
        if (payload === undefined) throw new Error(`nothing fills ${open.map(({ name }) => name).join(', ')}`);
        const plan = mapTexts(rendered.plan, (text) => fillHoles(text, fill, () => undefined));
        const seed = seedOf(cluster!, rendered.node, payload.bytes);
        return [rendered.node.name, { plan, payload: payload.bytes, seed }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
