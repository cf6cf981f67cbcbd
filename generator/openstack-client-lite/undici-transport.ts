/** The default transport: undici, with proxies, further CA certificates and limits. Nothing else here touches a network. */
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type Transport,
  type TransportFailure,
} from './transport.ts';

export interface NetworkOptions {
  /** CA certificates (PEM), trusted beside Node's own. */
  readonly ca?: string | undefined;
  /** False: any certificate is taken. Default: true. */
  readonly verify?: boolean | undefined;
  /** Client certificate and key (PEM). */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Proxies and the hosts that need none. Default: the variables http_proxy, https_proxy and no_proxy. */
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
  /** Connections to one server at most. Default: 8. */
  readonly connections?: number;
  /** Milliseconds until a connection stands. Default: 15,000. */
  readonly connectTimeout?: number;
  /** Bytes of an answer at most. Default: 32 MiB. */
  readonly maxBytes?: number;
}

export interface NetworkTransport {
  readonly send: Transport;
  /** Closes all connections. */
  readonly close: () => Promise<void>;
}

/** A transport with connections of its own; `close` it. */
export function networkTransport(options: NetworkOptions = {}): NetworkTransport {
  const { ca, verify = true, cert, key, httpProxy, httpsProxy, noProxy } = options;
  const { connections = 8, connectTimeout = 15_000, maxBytes = 32 * 2 ** 20 } = options;
  const trust = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
  const tls = {
    ...trust,
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: verify,
    timeout: connectTimeout,
  };
  const agent = new EnvHttpProxyAgent({
    connections,
    connect: tls,
    requestTls: tls,
    proxyTls: { ...trust, timeout: connectTimeout },
    proxyTunnel: false,
    ...(httpProxy === undefined ? {} : { httpProxy }),
    ...(httpsProxy === undefined ? {} : { httpsProxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  });
  return {
    send: (given) => send(agent, given, maxBytes),
    close: () => agent.destroy(),
  };
}

async function send(dispatcher: Dispatcher, given: HttpRequest, maxBytes: number): Promise<HttpAnswer> {
  const { method, url, headers, body, timeout, signal } = given;
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await request(url, {
      method: method,
      headers: { 'accept-encoding': 'identity', ...headers },
      body: body ?? null,
      dispatcher,
      headersTimeout: timeout,
      bodyTimeout: timeout,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes)
        throw new TransportError('network', `an answer of more than ${String(maxBytes)} bytes`, true);
      chunks.push(chunk);
    }
    return {
      status: response.statusCode,
      headers: joined(response.headers),
      body: Buffer.concat(chunks).toString('utf8'),
    };
  } catch (error) {
    throw transportError(error, { stopped: signal?.aborted === true, late: limit.aborted });
  }
}

function joined(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}

/** Codes of Node's TLS for a certificate that cannot be trusted (node/src/crypto/crypto_common.cc), and the name check. */
const CERTIFICATE_CODES = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** What each code says, and whether the request may have reached the server by then. */
const CODES: Readonly<Record<string, readonly [kind: TransportFailure, message: string, sent: boolean]>> = {
  ENOTFOUND: ['unknown-host', 'no such host name', false],
  EAI_AGAIN: ['network', 'the host name could not be looked up', false],
  ERR_INVALID_URL: ['unknown-host', 'the URL, or the proxy’s, is malformed', false],
  ECONNREFUSED: ['refused', 'the connection was refused', false],
  EHOSTUNREACH: ['network', 'no way to the host', false],
  ENETUNREACH: ['network', 'no way to the network', false],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'no connection in time', false],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'no answer in time', true],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'it stopped sending in the middle', true],
  ETIMEDOUT: ['timeout', 'no answer in time', true],
  ECONNRESET: ['network', 'the connection was broken off', true],
  EPIPE: ['network', 'the connection was broken off', true],
  UND_ERR_SOCKET: ['network', 'the connection was broken off', true],
};

function transportError(error: unknown, { stopped, late }: { stopped: boolean; late: boolean }): TransportError {
  if (error instanceof TransportError) return error;
  if (stopped) return new TransportError('aborted', 'it was stopped', true, { cause: error });
  if (late) return new TransportError('timeout', 'no answer in time', true, { cause: error });
  const code = codeOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  if (CERTIFICATE_CODES.test(code)) return new TransportError('certificate', message, false, { cause: error });
  const [kind, words, sent] = CODES[code] ?? ['network', message, true];
  return new TransportError(kind, words, sent, { cause: error });
}

function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return codeOf(cause ?? (Array.isArray(errors) ? errors[0] : undefined));
}
