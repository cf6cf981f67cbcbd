import { toYaml } from '../base/yaml.ts';
import { hostPort } from '../base/networks.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { readCluster } from '../compile.ts';
import { diagnostic, type Checked } from '../diagnostics/diagnostic.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { systemIssuing } from '../host/issuing.ts';
import { writePrivateFile } from '../host/private-file.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { breakGlassCertificate } from '../secrets/break-glass.ts';
import { fillFrom } from '../secrets/fill.ts';
import type { Issued } from '../secrets/issue.ts';
import { embeddedKubeconfig } from '../secrets/kubeconfig.ts';
import type { Store } from '../secrets/store.ts';
import { apiAddress, type ApiAddress } from './api-address.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';

export interface KubeconfigOptions {
  /** A file to write, 0600; default: standard output. */
  readonly output?: string;
  /** A certificate of system:masters for eight hours, for when the cluster's own rights are broken. */
  readonly breakGlass?: boolean;
}

/** `triskel kubeconfig <blueprint>`: the operator's way to the API, by its external address. */
export async function kubeconfig(file: string, options: KubeconfigOptions, context: Context): Promise<ExitCode> {
  const { cluster, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'read' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const identity = await identityOf(opened.value.store, options.breakGlass === true);
  if (identity.value === undefined) return context.tell({ diagnostics: identity.diagnostics, locate });
  const address = await apiAddress(cluster);
  if (address.value === undefined)
    return context.tell({ diagnostics: address.diagnostics, locate, exitCode: EXIT.network });
  const text = textOf(cluster, opened.value.store, identity.value, address.value);
  if (options.output === undefined) {
    return context.tell({ text, value: { kubeconfig: text }, diagnostics: opened.diagnostics, locate });
  }
  const problems = writePrivateFile(options.output, text);
  return context.tell({
    text: problems.length > 0 ? '' : `wrote ${options.output}\n`,
    value: { file: options.output },
    diagnostics: [...opened.diagnostics, ...problems],
    locate,
  });
}

async function identityOf(store: Store, breakGlass: boolean): Promise<Checked<Issued>> {
  const issued = breakGlass ? await breakGlassCertificate(store, systemIssuing()) : store.certificates['admin'];
  if (issued !== undefined) return { value: issued, diagnostics: [] };
  const text = `the store has no ${breakGlass ? 'cluster-ca' : 'certificate of the admin'} yet`;
  return { value: undefined, diagnostics: [diagnostic('secrets/no-store', text)] };
}

function textOf(
  { name: cluster }: Cluster,
  store: Store,
  identity: Issued,
  { host, port, name: serverName }: ApiAddress,
): string {
  const ca = fillFrom(store)({ name: 'cluster-ca', part: 'bundle' }) ?? '';
  const server = `https://${hostPort(host, port)}`;
  return toYaml(embeddedKubeconfig({ cluster, server, serverName, ca, ...identity }));
}
