import { parseBlueprint } from '../blueprint/parse.ts';
import { formatPins, noPins, parsePins, pinsFileOf } from '../cluster/pins.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { compile, readCluster } from '../compile.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { systemIssuing } from '../host/issuing.ts';
import type { Mirror } from '../host/lab/mirror.ts';
import { noProgress } from '../host/terminal.ts';
import type { Supply } from '../lab/programs.ts';
import { twinOf, type LabGround, type Twin } from '../lab/twin.ts';
import { sealNode, type SealedNode } from '../output/seal.ts';
import { ensureSecrets, valueId } from '../secrets/ensure.ts';
import { fillFrom } from '../secrets/fill.ts';
import { holeId } from '../secrets/holes.ts';
import { emptyStore, type Store } from '../secrets/store.ts';
import { isReady } from './generation.ts';

/** A cluster as a lab boots it, sealed with keys that were made for this lab alone. */
export interface TwinCluster {
  readonly cluster: Cluster;
  readonly nodes: readonly SealedNode[];
  /** Device paths of each node's own disks. */
  readonly disks: ReadonlyMap<string, readonly string[]>;
  readonly store: Store;
  readonly differences: Twin['differences'];
  readonly supplies: readonly Supply[];
}

/** Compiles a blueprint's twin for a lab. Errors are those of the twin, told of the blueprint's own file. */
export async function compileTwin(
  file: string,
  cluster: Cluster,
  ground: LabGround,
  mirror: Mirror,
): Promise<Checked<TwinCluster>> {
  const files = blueprintFiles();
  const tree = parseBlueprint(file, files.read);
  if (tree.value === undefined) return { value: undefined, diagnostics: tree.diagnostics };
  const twin = twinOf(tree.value.value, cluster, ground);
  const pinsFile = pinsFileOf(file);
  const pinsText = files.readIfThere(pinsFile)?.value;
  const images = (pinsText === undefined ? undefined : parsePins(pinsFile, pinsText).value)?.images ?? noPins.images;
  const with_ = (blueprint: object, downloads: Readonly<Record<string, string>>): ReturnType<typeof blueprintFiles> =>
    blueprintFiles(
      new Map([
        [file, JSON.stringify(blueprint)],
        [pinsFile, formatPins({ downloads, images })],
      ]),
    );
  // What the review finds in the twin it has found in the blueprint already.
  const findings = readCluster(file, with_(twin.blueprint, {})).diagnostics;
  const blueprint = { ...twin.blueprint, acknowledge: acknowledged(findings) };
  const first = await compile(file, with_(blueprint, {}), noProgress);
  const errors = first.diagnostics.filter(({ code }) => code !== 'plan/unknown-checksum');
  if (first.cluster === undefined || blocks(errors)) return { value: undefined, diagnostics: told(errors) };
  const { hashes, supplies } = mirror.offer(
    first.plans.flatMap(({ downloads }) => downloads),
    first.cluster.versions,
  );
  const compiled = await compile(file, with_(blueprint, hashes), noProgress);
  if (!isReady(compiled)) return { value: undefined, diagnostics: told(compiled.diagnostics) };
  const made = await ensureSecrets(compiled.secrets, emptyStore(compiled.cluster.name), systemIssuing());
  if (made.value === undefined) return { value: undefined, diagnostics: told(made.diagnostics) };
  const { store } = made.value;
  const fill = fillFrom(store, compiled.secrets.caKeys);
  // What only the operator or a cloud knows is any word here.
  const unknown = new Set(compiled.secrets.values.filter(({ from }) => from !== 'generated').map(valueId));
  const nodes = compiled.nodes.map((node) =>
    sealNode(node, (hole) => fill(hole) ?? (unknown.has(holeId(hole)) ? 'lab' : undefined)),
  );
  const disks = new Map(
    compiled.plans.map(({ node, filesystems }) => [node.name, filesystems.map(({ device }) => device)] as const),
  );
  return {
    value: { cluster: compiled.cluster, nodes, disks, store, differences: twin.differences, supplies },
    diagnostics: [],
  };
}

function acknowledged(findings: readonly Diagnostic[]): readonly object[] {
  const codes = findings.filter(({ code }) => code.startsWith('review/')).map(({ code }) => code);
  return [...new Set(codes)].map((code) => ({ code, reason: 'found in the blueprint itself, where it is told' }));
}

/** The twin has no text of its own, so that lines of the blueprint would be the wrong ones. */
function told(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const errors = diagnostics.filter(
    ({ severity, acknowledged: reason }) => severity === 'error' && reason === undefined,
  );
  return errors.map(({ code, message, remedy }) => diagnostic('lab/no-twin', `${code}: ${message}`, [], remedy));
}
