import { Agent, request } from 'undici';

/** A cluster's API, as an operator or as a stranger. */
export interface ApiClient {
  /** Throws when nothing answers in time, or another server than the cluster's does. */
  readonly get: (path: string, as: 'admin' | 'nobody') => Promise<{ readonly status: number; readonly text: string }>;
  readonly close: () => Promise<void>;
}

interface ApiAccess {
  /** https, without a path. */
  readonly url: string;
  /** The cluster's CAs (PEM), and no others. */
  readonly ca: string;
  readonly admin?: { readonly cert: string; readonly key: string };
}

const MILLISECONDS = 10_000;
const MAX_BYTES = 64 * 2 ** 20;

/** A client with connections of its own; `close` it. No proxy is asked: the endpoint is the operator's to reach. */
export function apiClient({ url, ca, admin }: ApiAccess): ApiClient {
  const options = { connectTimeout: MILLISECONDS, headersTimeout: MILLISECONDS, bodyTimeout: MILLISECONDS };
  const agents = {
    nobody: new Agent({ ...options, connect: { ca } }),
    admin: new Agent({ ...options, connect: { ca, ...admin }, maxResponseSize: MAX_BYTES }),
  };
  return {
    get: async (path, as) => {
      const { statusCode, body } = await request(`${url}${path}`, { dispatcher: agents[as] });
      return { status: statusCode, text: await body.text() };
    },
    close: async () => {
      await Promise.all([agents.nobody.close(), agents.admin.close()]);
    },
  };
}
