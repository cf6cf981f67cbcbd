import { readCluster } from '../compile.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { isAmongNodes, subjectOf } from '../verify/subject.ts';
import { apiAddress } from './api-address.ts';
import { EXIT, type Context, type ExitCode } from './context.ts';
import { verification } from './verification.ts';

export interface VerifyOptions {
  /** Whether the nodes are asked one by one, too; undefined: where operators use an address of theirs. */
  readonly nodes?: boolean;
}

/**
 * `triskel verify <blueprint>`: the checks at the foot of a system's description, over the network, through the endpoint that
 * operators use, with the operator's own certificate.
 */
export async function verify(file: string, { nodes }: VerifyOptions, context: Context): Promise<ExitCode> {
  const { cluster, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'read' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const why =
    nodes === false
      ? '--no-nodes'
      : `the endpoint is no address of the nodes’ network; from within it: \`triskel verify --nodes ${file}\``;
  const asked = nodes ?? isAmongNodes(cluster);
  const address = await apiAddress(cluster);
  if (address.value === undefined)
    return context.tell({ diagnostics: address.diagnostics, locate, exitCode: EXIT.network });
  const subject = subjectOf(cluster, opened.value.store, address.value);
  return verification(subject, { notNodes: asked ? undefined : why, run: undefined, locate }, context);
}
