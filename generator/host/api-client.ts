import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls';
import { Agent, request } from 'undici';
import { hostPort } from '../base/networks.ts';

/** A server of a cluster's, asked as one identity. Each call throws when nothing answers in time, or somebody else does. */
export interface ApiClient {
  /** A connection of its own, which is closed behind the answer. */
  readonly get: (path: string) => Promise<{ readonly status: number; readonly text: string }>;
  /** `body`: JSON. */
  readonly post: (path: string, body: string) => Promise<{ readonly status: number; readonly text: string }>;
  /** The server's certificate, once it is found to be trusted; until when it is valid. */
  readonly certificate: () => Promise<{ readonly notAfter: Date }>;
  readonly close: () => Promise<void>;
}

/** Who is asked, and by whom. */
export interface ApiAccess {
  readonly host: string;
  readonly port: number;
  /** The CAs that its certificate is checked against (PEM), and no others. */
  readonly ca: string;
  /** The name or address that its certificate must have; default: `host`. */
  readonly name?: string;
  readonly cert?: string;
  readonly key?: string;
}

const MILLISECONDS = 10_000;
const MAX_BYTES = 64 * 2 ** 20;

/** A client with connections of its own; `close` it. No proxy is asked: the cluster is the operator's to reach. */
export function apiClient({ host, port, ca, name = host, cert, key }: ApiAccess): ApiClient {
  const identity = cert === undefined || key === undefined ? {} : { cert, key };
  const trust = {
    ca,
    ...identity,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
  };
  const time = { connectTimeout: MILLISECONDS, headersTimeout: MILLISECONDS, bodyTimeout: MILLISECONDS };
  const agent = new Agent({ ...time, connect: trust, maxResponseSize: MAX_BYTES });
  const ask = async (path: string, options: Parameters<typeof request>[1]): ReturnType<ApiClient['get']> => {
    const url = `https://${hostPort(host, port)}${path}`;
    const { statusCode, body } = await request(url, { ...options, dispatcher: agent, reset: true });
    return { status: statusCode, text: await body.text() };
  };
  return {
    get: (path) => ask(path, {}),
    post: (path, body) => ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
    certificate: () =>
      new Promise((done, failed) => {
        const socket = connect({ host, port, ...trust, timeout: MILLISECONDS }, () => {
          done({ notAfter: new Date(socket.getPeerCertificate().valid_to) });
          socket.destroy();
        });
        socket.once('timeout', () =>
          socket.destroy(new Error(`nothing answers within ${String(MILLISECONDS / 1000)} s`)),
        );
        socket.once('error', failed);
      }),
    close: () => agent.close(),
  };
}
