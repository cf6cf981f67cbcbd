import { hostPort } from '../base/networks.ts';
import { isControlPlane, isKubernetesNode, type Cluster } from '../cluster/cluster.ts';
import { readCluster } from '../compile.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { apiClient, type ApiClient } from '../host/api-client.ts';
import { blueprintFiles } from '../host/blueprint-files.ts';
import { openStoreFile, storeFileOf } from '../host/store-file.ts';
import { fillFrom } from '../secrets/fill.ts';
import type { Context, ExitCode } from './context.ts';
import { EXIT } from './context.ts';
import { table } from './table.ts';

/** One question to the cluster: what was expected, and what came back. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

/**
 * `triskel verify <blueprint>`: the checks at the foot of a system's description, over the network, through the endpoint that
 * operators use, with the operator's own certificate.
 */
export async function verify(file: string, context: Context): Promise<ExitCode> {
  const { cluster, diagnostics, locate } = readCluster(file, blueprintFiles());
  if (cluster === undefined) return context.tell({ diagnostics, locate });
  const request = { file: storeFileOf(file), cluster: cluster.name, recipients: cluster.recipients };
  const opened = await openStoreFile({ ...request, mode: 'read' });
  if (opened.value === undefined) return context.tell({ diagnostics: opened.diagnostics, locate });
  const { store } = opened.value;
  const { host, port } = cluster.endpoint.external;
  const admin = store.certificates['admin'];
  const ca = fillFrom(store)({ name: 'cluster-ca', part: 'bundle' }) ?? '';
  const client = apiClient({ url: `https://${hostPort(host, port)}`, ca, ...(admin === undefined ? {} : { admin }) });
  await context.progress(`${cluster.name}: asking ${hostPort(host, port)}`);
  try {
    const checks = await runChecks(cluster, client);
    const failed = checks.filter(({ ok }) => !ok);
    return context.tell({
      text: table(
        ['check', '', 'found'],
        checks.map(({ name, ok, found }) => [name, ok ? 'ok' : 'FAILED', found]),
      ),
      value: { cluster: cluster.name, endpoint: hostPort(host, port), checks },
      diagnostics: failed.map(({ name, found }): Diagnostic => diagnostic('cloud/check-failed', `${name}: ${found}`)),
      locate,
      ...(failed.length === 0 ? {} : { exitCode: EXIT.network }),
    });
  } finally {
    await client.close();
  }
}

async function runChecks(cluster: Cluster, client: ApiClient): Promise<Check[]> {
  const expected = cluster.nodes.filter((node) => isKubernetesNode(cluster, node)).map(({ name }) => name);
  const masters = cluster.nodes.filter(isControlPlane).map(({ name }) => name);
  return Promise.all([
    check('the API is ready', async () => {
      const { status, text } = await client.get('/readyz', 'nobody');
      return { ok: status === 200 && text.trim() === 'ok', found: `/readyz: ${String(status)} ${firstLine(text)}` };
    }),
    check('a stranger may not read it', async () => {
      const { status } = await client.get('/api', 'nobody');
      return { ok: status === 401, found: `/api: ${String(status)}` };
    }),
    check('etcd answers behind it', async () => {
      const { status, text } = await client.get('/readyz/etcd-readiness', 'admin');
      return { ok: status === 200, found: `/readyz/etcd-readiness: ${String(status)} ${firstLine(text)}` };
    }),
    check('every node is ready', async () => {
      const { status, text } = await client.get('/api/v1/nodes', 'admin');
      if (status !== 200) return { ok: false, found: `/api/v1/nodes: ${String(status)}` };
      const ready = readyNodes(text);
      const missing = expected.filter((name) => !ready.includes(name));
      const found = `${String(expected.length - missing.length)} of ${String(expected.length)}`;
      return {
        ok: missing.length === 0,
        found: missing.length === 0 ? found : `${found}; not ready: ${missing.join(', ')}`,
      };
    }),
    ...(cluster.controlPlane.runs === 'static-pods' || cluster.controlPlane.runs === 'kubeadm'
      ? [
          check('the control plane’s mirror pods run', async () => {
            const { status, text } = await client.get('/api/v1/namespaces/kube-system/pods', 'admin');
            if (status !== 200) return { ok: false, found: `pods of kube-system: ${String(status)}` };
            const running = runningPods(text);
            const missing = masters.flatMap((name) =>
              ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
                .map((program) => `${program}-${name}`)
                .filter((pod) => !running.includes(pod)),
            );
            return {
              ok: missing.length === 0,
              found: missing.length === 0 ? 'all' : `not running: ${missing.join(', ')}`,
            };
          }),
        ]
      : []),
  ]);
}

async function check(name: string, ask: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await ask()) };
  } catch (error) {
    return { name, ok: false, found: error instanceof Error ? error.message : String(error) };
  }
}

interface Listed {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly status?: {
      readonly phase?: string;
      readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
    };
  }[];
}

function readyNodes(text: string): string[] {
  return (
    (JSON.parse(text) as Listed).items?.flatMap(({ metadata, status }) => {
      const ready = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
      return ready ? (metadata?.name ?? []) : [];
    }) ?? []
  );
}

function runningPods(text: string): string[] {
  return (
    (JSON.parse(text) as Listed).items?.flatMap(({ metadata, status }) =>
      status?.phase === 'Running' ? (metadata?.name ?? []) : [],
    ) ?? []
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 80);
}
