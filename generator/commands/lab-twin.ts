import { parseBlueprint } from '../blueprint/parse.ts';
import { formatPins, noPins, parsePins, pinsFileOf } from '../cluster/pins.ts';
import type { Cluster, Pins } from '../cluster/cluster.ts';
import { compile, readCluster, type Compilation } from '../compile.ts';
import { blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { systemIssuing } from '../host/issuing.ts';
import type { Mirror } from '../host/lab/mirror.ts';
import { noProgress } from '../host/terminal.ts';
import { programsOf, type Supply } from '../lab/programs.ts';
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
  const document = tree.value.value;
  const pinsFile = pinsFileOf(file);
  const pinsText = files.readIfThere(pinsFile)?.value;
  const pins = (pinsText === undefined ? undefined : parsePins(pinsFile, pinsText).value) ?? noPins;
  const with_: With = (blueprint, downloads) =>
    blueprintFiles(
      new Map([
        [file, JSON.stringify(blueprint)],
        [pinsFile, formatPins({ downloads, images: pins.images })],
      ]),
    );
  const open = (etcd: LabGround['debianEtcd']): Promise<OpenTwin> =>
    openTwin(file, twinOf(document, cluster, { ...ground, debianEtcd: etcd }), pins, with_);
  // With the user's own etcd, versions stay as they are.
  let opened = await open(mirror.own === undefined ? ground.debianEtcd : undefined);
  const missing = mirror.own === undefined ? undefined : missingEtcd(opened, mirror);
  if (missing !== undefined) opened = await open(ground.debianEtcd);
  const { twin, blueprint, first, errors } = opened;
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
    value: {
      cluster: compiled.cluster,
      nodes,
      disks,
      store,
      differences: missing === undefined ? twin.differences : [missing, ...twin.differences],
      supplies,
    },
    diagnostics: [],
  };
}

type With = (blueprint: object, downloads: Readonly<Record<string, string>>) => ReturnType<typeof blueprintFiles>;

/** A twin as it compiles before its downloads have hashes of the lab's. */
interface OpenTwin {
  readonly twin: Twin;
  readonly blueprint: object;
  readonly first: Compilation;
  readonly errors: readonly Diagnostic[];
}

async function openTwin(file: string, twin: Twin, { downloads }: Pins, with_: With): Promise<OpenTwin> {
  // What the review finds in the twin it has found in the blueprint already.
  const findings = readCluster(file, with_(twin.blueprint, {})).diagnostics;
  const blueprint = { ...twin.blueprint, acknowledge: acknowledged(findings) };
  const first = await compile(file, with_(blueprint, downloads), noProgress);
  return { twin, blueprint, first, errors: first.diagnostics.filter(({ code }) => code !== 'plan/unknown-checksum') };
}

/** What is said where the user's folder has not the etcd that the nodes fetch; undefined: it has, or they fetch none. */
function missingEtcd({ first }: OpenTwin, { own, has }: Mirror): string | undefined {
  const downloads = first.plans.flatMap((plan) => plan.downloads);
  const etcd = downloads.find((item) => programsOf(item).includes('etcd'));
  if (etcd === undefined || has(etcd.url)) return undefined;
  return `Debian’s etcd, for ${own ?? ''} has no ${etcd.url.replace('https://', '')}`;
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
