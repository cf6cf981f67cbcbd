import { compile } from '../compile.ts';
import { bundleArchive, renewalBundle, renewalOrder } from '../components/certificate-renewal/bundle.ts';
import { APPLY_RENEWAL } from '../components/certificate-renewal/certificate-renewal.ts';
import { diagnostic, type Checked, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { systemIssuing } from '../host/issuing.ts';
import { completeStore, type OpenedSecrets } from '../host/secrets-store.ts';
import { openStoreFile, type StoreFile, type StoreRequest } from '../host/store-file.ts';
import { fillFrom } from '../secrets/fill.ts';
import { findHoles } from '../secrets/holes.ts';
import { selectLeaves, type Selection } from '../secrets/renew.ts';
import { rotate, type Stage } from '../secrets/rotation.ts';
import type { SecretsSpec } from '../secrets/specs.ts';
import type { Store } from '../secrets/store.ts';
import type { Context, ExitCode } from './context.ts';
import { isReady, writeOutput, type Ready } from './generation.ts';

export interface RenewOptions {
  /** Certificates whose key lies on this node. */
  readonly node?: string;
  /** Certificates that end within so many days. */
  readonly within?: number;
  readonly all?: boolean;
  /** A CA or key pair that changes, by one step. */
  readonly rotate?: string;
  readonly stage?: Stage;
  /** Change it without overlap, while no node runs. */
  readonly atOnce?: boolean;
}

/** What soon means when nothing is named, in days; the same as the warning's. */
const SOON_DAYS = 90;

/**
 * `triskel secrets renew <blueprint> [name…]`: issues certificates anew, or takes one step of a CA's change; seals boot/
 * with them, and puts beside it a bundle for each running node whose files change.
 */
export async function secretsRenew(
  file: string,
  names: readonly string[],
  options: RenewOptions,
  context: Context,
): Promise<ExitCode> {
  const compilation = await compile(file, blueprintFiles(), context.progress);
  const { diagnostics, locate } = compilation;
  if (!isReady(compilation)) return context.tell({ diagnostics, locate });
  if (options.rotate !== undefined && options.atOnce !== true && compilation.cluster.controlPlane.runs === 'k3s') {
    const text = `${options.rotate} of a k3s cluster is in k3s’ own keeping`;
    return context.tell({ diagnostics: [...diagnostics, diagnostic('secrets/k3s-rotation', text)], locate });
  }
  let before: Store | undefined;
  let bundled: readonly string[] = [];
  const written = await writeOutput(file, compilation, context, {
    open: async (request, spec) => {
      const opened = await openStoreFile({ ...request, mode: 'change' } satisfies StoreRequest);
      before = opened.value?.store;
      if (opened.value === undefined) return { value: undefined, diagnostics: opened.diagnostics };
      const renewed = await renew(opened.value, spec, names, options);
      return { ...renewed, diagnostics: [...opened.diagnostics, ...renewed.diagnostics] };
    },
    further: async (store) => {
      const bundles =
        before === undefined ? new Map<string, Uint8Array>() : await bundlesFor(compilation, before, store);
      bundled = [...bundles.keys()];
      return bundles;
    },
  });
  const { announcements = [], folder = '' } = written.value ?? {};
  const sealed = written.value?.sealed !== undefined;
  return context.tell({
    text: sealed ? textOf(announcements, `${folder}/boot`, bundled) : '',
    value: { folder, announcements, bundles: sealed ? bundled : [] },
    diagnostics: [...diagnostics, ...written.diagnostics],
    locate,
  });
}

async function renew(
  file: StoreFile,
  spec: SecretsSpec,
  names: readonly string[],
  options: RenewOptions,
): Promise<Checked<OpenedSecrets>> {
  const issuing = systemIssuing();
  if (options.rotate === undefined) {
    const selected = selectLeaves(spec, file.store, selectionOf(names, options), issuing.now);
    if (selected.value === undefined) return { value: undefined, diagnostics: selected.diagnostics };
    return completeStore(file, spec, issuing, [], selected.value);
  }
  const change = options.atOnce === true ? 'at once' : (options.stage ?? 'introduce');
  const rotated = await rotate(spec, file.store, options.rotate, change, issuing);
  if (rotated.value === undefined) return { value: undefined, diagnostics: rotated.diagnostics };
  const completed = await completeStore({ ...file, store: rotated.value }, spec, issuing);
  if (completed.value === undefined) return completed;
  const { store, announcements } = completed.value;
  const said = `${options.rotate}: ${change === 'at once' ? 'replaced at once' : `step "${change}" is done`}`;
  const save = (): Promise<readonly Diagnostic[]> => file.write(store);
  return { ...completed, value: { store, changed: true, announcements: [said, ...announcements], lasting: [], save } };
}

function selectionOf(names: readonly string[], { node, within, all }: RenewOptions): Selection {
  if (all === true) return { by: 'all' };
  if (names.length > 0) return { by: 'id', ids: names };
  return node === undefined ? { by: 'days', days: within ?? SOON_DAYS } : { by: 'node', node };
}

/** A bundle for each node on which a file changes, in the order in which the nodes are to take them. */
async function bundlesFor(
  { cluster, nodes, secrets }: Ready,
  before: Store,
  after: Store,
): Promise<Map<string, Uint8Array>> {
  const [old, fill] = [fillFrom(before, secrets.caKeys), fillFrom(after, secrets.caKeys)];
  const plans = renewalOrder(cluster).flatMap((node) => {
    const plan = nodes.find((rendered) => rendered.node === node)?.plan;
    const holes = plan?.files.flatMap(({ content }) => findHoles(content)) ?? [];
    return plan !== undefined && holes.some((hole) => old(hole) !== fill(hole)) ? [plan] : [];
  });
  const bundles = new Map<string, Uint8Array>();
  for (const [index, plan] of plans.entries()) {
    const bundle = renewalBundle(cluster, plan, plans[index + 1]?.node, fill);
    if (bundle.open.length === 0) bundles.set(`${plan.node.name}.renewal.tar.gz`, await bundleArchive(bundle));
  }
  return bundles;
}

function textOf(announcements: readonly string[], folder: string, bundles: readonly string[]): string {
  const lines = announcements.length > 0 ? announcements : ['nothing is to be renewed'];
  if (bundles.length === 0) return `${lines.join('\n')}\n`;
  const how = [
    `Bring them to the running nodes in this order, one control-plane node at a time; each says when it is done:`,
    ...bundles.map((name) => `  ${folder}/${name}`),
    `On the node, as root: ${APPLY_RENEWAL} <bundle>`,
  ];
  return `${[...lines, ...how].join('\n')}\n`;
}
