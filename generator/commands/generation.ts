import { join } from 'node:path';
import type { Compilation } from '../compile.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { at, blocks, diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { isThere } from '../host/files.ts';
import { applyChanges, compareFolder, readInFolder, type WantedFolder } from '../host/folder.ts';
import { undisturbed } from '../host/interrupts.ts';
import { withLock } from '../host/lock.ts';
import { openSecrets, type OpenedSecrets } from '../host/secrets-store.ts';
import { storeFileOf, type StoreRequest } from '../host/store-file.ts';
import type { Changes } from '../output/changes.ts';
import { hasOtherAddons, MANIFEST, pathsOf } from '../output/manifest.ts';
import { withoutStaleIsos } from '../output/nocloud.ts';
import { bootManifestText, filesOf, payloadName, reviewSealed, sealNode, type SealedNode } from '../output/seal.ts';
import { BOOT, treeOf, type Tree } from '../output/tree.ts';
import { fillFrom } from '../secrets/fill.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import type { Store } from '../secrets/store.ts';
import type { Context } from './context.ts';

/** A compilation without errors: all that is needed to write. */
export interface Ready extends Compilation {
  readonly cluster: Cluster;
  readonly secrets: SecretsSpec;
  readonly addons: NonNullable<Compilation['addons']>;
}

/** What was done to one cluster's output folder. */
export interface Generation {
  readonly folder: string;
  readonly changes: Changes;
  /** Nodes with a complete payload in boot/; undefined: boot/ was left as it was. */
  readonly sealed: number | undefined;
  /** What happened to the secrets store, for people. */
  readonly announcements: readonly string[];
}

/** True when nothing keeps the compilation from being written. */
export function isReady(compilation: Compilation): compilation is Ready {
  const { cluster, secrets, addons, diagnostics } = compilation;
  return cluster !== undefined && secrets !== undefined && addons !== undefined && !blocks(diagnostics);
}

/** The reviewed tree of a compilation as it should lie in the output folder, and how far it does. */
export function compareTree(
  compilation: Ready,
  outputFolder: string,
): Checked<{ readonly wanted: WantedFolder; readonly tree: Tree; readonly changes: Changes }> {
  const root = join(outputFolder, compilation.cluster.name);
  const tree = treeOf(compilation);
  const owned = ownedPaths(root);
  const wanted: WantedFolder = { root, files: tree, except: BOOT, owned: owned.value ?? new Set() };
  const compared = compareFolder(wanted);
  const diagnostics = [...owned.diagnostics, ...compared.diagnostics, ...staleRevision(root, compilation)];
  return { value: compared.value === undefined ? undefined : { wanted, tree, changes: compared.value }, diagnostics };
}

/** How boot/ gets its secrets. */
export interface Sealing {
  readonly open: (request: Omit<StoreRequest, 'mode'>, spec: SecretsSpec) => Promise<Checked<OpenedSecrets>>;
  /** Further files of boot/, by name; no later run takes them away. */
  readonly further?: (store: Store) => Promise<ReadonlyMap<string, Uint8Array>>;
}

const fromStore: Sealing = { open: (request, spec) => openSecrets({ ...request, spec, create: true }) };

/** No store, and payloads that were sealed from one: they are the last copy of the nodes' keys. */
function lostStore(root: string, file: string): Diagnostic[] {
  const sealed = join(root, BOOT);
  if (isThere(file) || !isThere(join(sealed, MANIFEST))) return [];
  return [diagnostic('secrets/store-lost', `there is no ${file}, from which ${sealed} was sealed`, [{ file }])];
}

/**
 * Writes the reviewed tree, then seals boot/ from the blueprint's store, which is made when there is none. Everything is
 * computed before anything is written. A store that is lost, or cannot be opened or written, leaves boot/ as it is.
 */
export async function writeOutput(
  file: string,
  compilation: Ready,
  context: Context,
  sealing: Sealing = fromStore,
): Promise<Checked<Generation>> {
  const root = join(context.outputFolder, compilation.cluster.name);
  return withLock(root, async () => {
    const compared = compareTree(compilation, context.outputFolder);
    if (compared.value === undefined) return { value: undefined, diagnostics: compared.diagnostics };
    const { wanted, changes } = compared.value;
    const { cluster, secrets: spec } = compilation;
    await context.progress(`${cluster.name}: keys and certificates`);
    const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
    const lost = lostStore(root, request.file);
    const opened = lost.length > 0 ? { value: undefined, diagnostics: lost } : await sealing.open(request, spec);
    const boot =
      opened.value === undefined ? undefined : await planBoot(root, compilation, opened.value, sealing, context);
    const diagnostics = [...compared.diagnostics, ...opened.diagnostics, ...(boot?.diagnostics ?? [])];
    const written = await undisturbed(async () => {
      // Keys are saved before anything that holds them is written.
      const saved = (await opened.value?.save()) ?? [];
      const tree = await applyChanges(wanted, changes);
      const isSealing = boot?.value !== undefined && saved.length === 0 && tree.length === 0;
      const sealed = isSealing ? await applyChanges(boot.value.wanted, boot.value.changes) : [];
      return {
        isWritten: tree.length === 0,
        isSealed: isSealing && sealed.length === 0,
        announcements: (saved.length === 0 ? opened.value?.announcements : opened.value?.lasting) ?? [],
        diagnostics: [...saved, ...tree, ...sealed],
      };
    });
    if (!written.isWritten) return { value: undefined, diagnostics: [...diagnostics, ...written.diagnostics] };
    return {
      value: {
        folder: root,
        changes,
        sealed: written.isSealed
          ? boot?.value?.sealed.filter(({ payload }) => payload !== undefined).length
          : undefined,
        announcements: written.announcements,
      },
      diagnostics: [...diagnostics, ...written.diagnostics, ...unknownFiles(root, changes)],
    };
  });
}

/** boot/ as it should be. Errors: a payload turned out too large, or the folder cannot be read; it stays as it is then. */
async function planBoot(
  root: string,
  { cluster, secrets, nodes }: Ready,
  { store }: OpenedSecrets,
  { further }: Sealing,
  context: Context,
): Promise<Checked<{ wanted: WantedFolder; changes: Changes; sealed: readonly SealedNode[] }>> {
  const fill = fillFrom(store, secrets.caKeys);
  const sealed: SealedNode[] = [];
  for (const node of nodes) {
    await context.progress(`${cluster.name}: sealing ${node.node.name}`);
    sealed.push(sealNode(node, fill));
  }
  const findings = reviewSealed(sealed, secrets, cluster);
  if (blocks(findings)) return { value: undefined, diagnostics: findings };
  const more = (await further?.(store)) ?? new Map<string, Uint8Array>();
  const folder = join(root, BOOT);
  const owned = ownedPaths(folder);
  const wanted: WantedFolder = {
    root: folder,
    files: new Map<string, string | Uint8Array>([
      // Whoever commits the output folder as a whole still does not commit keys.
      ['.gitignore', '*\n'],
      ...sealed.flatMap((node) => filesOf(node).map(({ file, bytes: content }) => [file, content] as const)),
      ...more,
      [MANIFEST, bootManifestText(sealed)],
    ]),
    modes: { file: 0o600, folder: 0o700 },
    // A payload of an earlier run goes with the hole that opened in it, whatever became of the manifest.
    owned: new Set([...(owned.value ?? []), ...nodes.map(payloadName)]),
  };
  const compared = compareFolder(wanted);
  const diagnostics = [...findings, ...owned.diagnostics, ...compared.diagnostics];
  if (compared.value === undefined) return { value: undefined, diagnostics };
  return { value: { wanted, changes: withoutStaleIsos(compared.value, wanted.files), sealed }, diagnostics };
}

/** Add-ons that differ from those of an earlier run under the same revision. */
function staleRevision(root: string, { addons }: Ready): Diagnostic[] {
  const before = readInFolder(root, MANIFEST).value;
  if (before === undefined || !hasOtherAddons(before, addons)) return [];
  const text = `the add-ons differ from those in ${root}, and their revision is still ${String(addons.revision)}`;
  return [diagnostic('output/same-revision', text, [at(['addons', 'revision'])])];
}

/** What the manifest of an earlier run lists; a warning when it cannot be understood. */
function ownedPaths(root: string): Checked<ReadonlySet<string>> {
  const text = readInFolder(root, MANIFEST);
  if (text.value === undefined) return { value: undefined, diagnostics: text.diagnostics };
  const paths = pathsOf(text.value);
  if (paths !== undefined) return { value: paths, diagnostics: [] };
  const file = join(root, MANIFEST);
  return {
    value: undefined,
    diagnostics: [diagnostic('output/damaged-manifest', `${file} cannot be read`, [{ file }])],
  };
}

function unknownFiles(root: string, { unknown }: Changes): Diagnostic[] {
  const [first, ...others] = unknown;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${String(others.length)} more`;
  const file = join(root, first);
  return [diagnostic('output/unknown-file', `${file} was not written by \`triskel generate\`${more}`, [{ file }])];
}
