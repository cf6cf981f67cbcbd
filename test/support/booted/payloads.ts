import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPins } from '../../../generator/cluster/pins.ts';
import { compile, type Compilation } from '../../../generator/compile.ts';
import { blocks } from '../../../generator/diagnostics/diagnostic.ts';
import { blueprintFiles } from '../../../generator/host/blueprint-files.ts';
import { noProgress } from '../../../generator/host/terminal.ts';
import type { DownloadItem } from '../../../generator/nodeplan/items.ts';
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
}

/** A blueprint's nodes, sealed. `offer` gives the sha256 of what its mirror has for the nodes' downloads. */
export async function sealedPlans(
  blueprint: object,
  offer: (downloads: readonly DownloadItem[]) => Record<string, string>,
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
    const downloads = offer((await compiled()).plans.flatMap((plan) => plan.downloads));
    writeFileSync(join(folder, 'lab.pins.yaml'), formatPins({ downloads, images: {} }));
    const { nodes, secrets } = await compiled();
    const fill = fillFrom(await storeOf(secrets!, new Date()));
    return new Map(
      nodes.map((rendered) => {
        const { payload, open } = sealNode(rendered, fill);
        if (payload === undefined) throw new Error(`nothing fills ${open.map(({ name }) => name).join(', ')}`);
        const plan = mapTexts(rendered.plan, (text) => fillHoles(text, fill, () => undefined));
        return [rendered.node.name, { plan, payload: payload.bytes }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a cloud lays on a machine's disk for cloud-init (docs.cloud-init.io, NoCloud): the payload, a name, a network. */
export function cloudSeed(
  { plan: { node }, payload }: SealedPlan,
  { gateway, suite, instance = '1' }: { gateway: string; suite: string; instance?: string },
): Record<string, string | Uint8Array> {
  const seed = '/var/lib/cloud/seed/nocloud';
  const addresses = node.addresses.map(({ text }) => `${text}/24`);
  const network = { version: 2, ethernets: { eth0: { addresses, routes: [{ to: '0.0.0.0/0', via: gateway }] } } };
  return {
    [`${seed}/user-data`]: payload,
    [`${seed}/meta-data`]: JSON.stringify({ 'instance-id': `${node.name}-${instance}`, 'local-hostname': node.name }),
    [`${seed}/network-config`]: JSON.stringify(network),
    '/etc/apt/sources.list': `deb [trusted=yes] http://${gateway}/${suite} ./\n`,
  };
}
