/** A cluster's servers on loopback addresses, with certificates of its store, that answer what a test wants of them. */
import { createServer, type Server } from 'node:https';
import type { Store } from '../../generator/secrets/store.ts';

/** What a path is answered; by the API server, one without a client's certificate gets the health checks alone. */
export interface Answered {
  readonly status?: number;
  readonly body: unknown;
}

export interface RunningServer {
  readonly close: () => Promise<void>;
}

/** Starts a server of the cluster's. `leaf`: whose certificate it has. `answers` is asked at every request. */
export function startServer(
  store: Store,
  { host, port, leaf, ca = 'cluster-ca' }: { host: string; port: number; leaf: string; ca?: string },
  answers: (path: string, known: boolean) => Answered | undefined,
): Promise<RunningServer> {
  const { cert, key } = store.certificates[leaf]!;
  const tls = { cert, key, ca: store.cas[ca]!.current.cert, requestCert: true };
  const server: Server = createServer({ ...tls, rejectUnauthorized: false }, (request, response) => {
    const path = request.url ?? '';
    const { status = 200, body } = answers(
      path,
      'authorized' in request.socket && request.socket.authorized === true,
    ) ?? { status: 404, body: '' };
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () =>
      done({
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      }),
    );
  });
}

/** A path that somebody without a certificate may ask (the API server's --authentication-config). */
export const isHealth = (path: string): boolean => /^\/(livez|readyz|healthz)$/.test(path);

type Objects = Record<string, unknown>;

const KUBE_SYSTEM = '/api/v1/namespaces/kube-system';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
const APPS = '/apis/apps/v1/namespaces/kube-system';

/** What the API of a cluster that is well has, by path. */
export function wellObjects(nodes: readonly { name: string; address: string }[], version: string): Objects {
  const lease = { spec: { holderIdentity: `${nodes[0]!.name}_1`, leaseDurationSeconds: 15, renewTime: new Date() } };
  const ready = [{ type: 'Ready', status: 'True' }];
  const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
  return {
    '/readyz': 'ok',
    '/readyz/etcd-readiness': 'ok',
    '/api': { kind: 'APIVersions' },
    '/api/v1/nodes': {
      items: nodes.map(({ name }) => ({
        metadata: { name },
        spec: {},
        status: { conditions: ready, nodeInfo: { kubeletVersion: `v${version}` } },
      })),
    },
    '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes': {
      endpoints: nodes.map(({ address }) => ({ addresses: [address] })),
    },
    [`${LEASES}/kube-controller-manager`]: lease,
    [`${LEASES}/kube-scheduler`]: lease,
    [`${KUBE_SYSTEM}/pods`]: {
      items: nodes.flatMap(({ name }) =>
        programs.map((program) => ({
          metadata: { name: `${program}-${name}` },
          status: { phase: 'Running', conditions: ready },
        })),
      ),
    },
    [`${KUBE_SYSTEM}/configmaps/triskel-addons`]: { data: { kubernetes: version, revision: '1' } },
    [`${APPS}/daemonsets`]: {
      items: [{ metadata: { name: 'kube-proxy' }, status: { desiredNumberScheduled: 3, numberReady: 3 } }],
    },
    [`${APPS}/deployments`]: {
      items: [{ metadata: { name: 'coredns' }, spec: { replicas: 2 }, status: { readyReplicas: 2 } }],
    },
  };
}
