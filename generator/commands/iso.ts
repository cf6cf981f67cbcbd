import { join } from 'node:path';
import { didYouMean } from '../base/suggestions.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { compile } from '../compile.ts';
import { blocks, diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { readText } from '../host/files.ts';
import { readPayload, writeIso } from '../host/iso.ts';
import { checkNetworkConfig, NOCLOUD_LABEL, nocloudFiles } from '../output/nocloud.ts';
import type { RenderedNode } from '../output/rendered-node.ts';
import { payloadName } from '../output/seal.ts';
import { BOOT } from '../output/tree.ts';
import type { Context, ExitCode } from './context.ts';
import { compareTree, isReady } from './generation.ts';
import { staleTree } from './stale.ts';

export interface IsoOptions {
  /** A folder with `<node>.yaml`: the network configuration of each machine, in cloud-init's own format. */
  readonly networkConfig?: string;
}

type IsoFiles = ReadonlyMap<string, string | Uint8Array>;

/** `triskel iso <blueprint> [node…]`: boot/<node>.iso, which cloud-init reads on any machine that can be given a drive. */
export async function iso(
  file: string,
  named: readonly string[],
  options: IsoOptions,
  context: Context,
): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { cluster, diagnostics, locate } = compilation;
  if (cluster === undefined || !isReady(compilation)) return context.tell({ diagnostics, locate });
  const compared = compareTree(compilation, context.outputFolder);
  const stale = compared.value === undefined ? [] : staleTree(file, compared.value.wanted, compared.value.changes);
  const folder = join(context.outputFolder, cluster.name, BOOT);
  const chosen = chosenNodes(compilation.nodes, named);
  const volumes = (chosen.value ?? []).map((node) => filesOf(cluster, node, folder, options));
  const found = [
    diagnostics,
    compared.diagnostics,
    stale,
    chosen.diagnostics,
    ...volumes.map((v) => v.diagnostics),
  ].flat();
  const written: string[] = [];
  for (const { value } of blocks(found) ? [] : volumes) {
    if (value === undefined) continue;
    await context.progress(`${cluster.name}: ${value.file}`);
    const problems = await writeIso(value.file, NOCLOUD_LABEL, value.files);
    found.push(...problems);
    if (problems.length > 0) break;
    written.push(value.file);
  }
  const text = written.map((name) => `wrote ${name}\n`).join('');
  return context.tell({ text, value: { cluster: cluster.name, files: written }, diagnostics: found, locate });
}

/** The nodes that are named; without names, all that cloud-init configures. */
function chosenNodes(nodes: readonly RenderedNode[], named: readonly string[]): Checked<readonly RenderedNode[]> {
  const byName = new Map(nodes.map((rendered) => [rendered.node.name, rendered]));
  const unknown = named
    .filter((name) => !byName.has(name))
    .map((name) => diagnostic('cli/unknown-node', `there is no node ${name}.${didYouMean(name, [...byName.keys()])}`));
  const wanted = named.length === 0 ? nodes : named.flatMap((name) => byName.get(name) ?? []);
  const fit = wanted.filter(({ renderer }) => renderer.format === 'cloud-init');
  const unfit = wanted.filter(({ renderer }) => renderer.format !== 'cloud-init');
  const refused = named.length > 0 || fit.length === 0 ? unfit : [];
  const diagnostics = refused.map(({ node }) =>
    diagnostic('output/no-iso-for-ignition', `Ignition configures ${node.name}`, [{ path: node.origin }]),
  );
  return { value: fit, diagnostics: [...unknown, ...diagnostics] };
}

function filesOf(
  cluster: Cluster,
  rendered: RenderedNode,
  folder: string,
  { networkConfig }: IsoOptions,
): Checked<{ readonly file: string; readonly files: IsoFiles }> {
  const { node } = rendered;
  const payload = readPayload(join(folder, payloadName(rendered)));
  const network = networkConfig === undefined ? undefined : readNetworkConfig(join(networkConfig, `${node.name}.yaml`));
  const diagnostics = [...payload.diagnostics, ...(network?.diagnostics ?? [])];
  if (payload.value === undefined || blocks(diagnostics)) return { value: undefined, diagnostics };
  const files = nocloudFiles(cluster, node, payload.value, network?.value);
  return { value: { file: join(folder, `${node.name}.iso`), files }, diagnostics };
}

function readNetworkConfig(file: string): Checked<string> {
  const { value, diagnostics } = readText(file);
  return { value, diagnostics: [...diagnostics, ...(value === undefined ? [] : checkNetworkConfig(file, value))] };
}
