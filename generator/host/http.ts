/**
 * HTTP for what Triskel fetches: proxies of the environment (http_proxy, https_proxy, no_proxy), further CA certificates,
 * time-outs, bounded retries. A failure is a value that says what happened; nothing here throws for a bad network.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { isRetryable, networkFailure, waitFor, type HttpFailure } from './http-failure.ts';

export type Fetched<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: HttpFailure };

/** An answer of any status that is no redirect and not worth another attempt. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a header that came several times, all values joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpOptions {
  /** Further CA certificates (PEM), trusted beside Node's own. */
  readonly ca?: string | undefined;
  /** How often a request is made at most. Default: 4. */
  readonly attempts?: number;
  /** Milliseconds until a connection stands, and then until the headers are there. Default: 15,000. */
  readonly answerTimeout?: number;
  /** Milliseconds without a byte of the body. Default: 30,000. */
  readonly idleTimeout?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Told before a pause of more than a moment, for people who wait. */
  readonly onWait?: (failure: HttpFailure, milliseconds: number) => void;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** CA certificates (PEM) of this server, trusted beside the client's. */
  readonly ca?: string | undefined;
}

export interface HttpClient {
  /** The whole answer; a body of more than `maxBytes` is a failure. */
  readonly get: (url: string, maxBytes: number, options?: RequestOptions) => Promise<Fetched<HttpResponse>>;
  /** sha256 (lower-case hexadecimal) of what lies at the URL; the bytes are not kept. Any status but 200 is a failure. */
  readonly digest: (url: string, options?: RequestOptions, onBytes?: OnBytes) => Promise<Fetched<string>>;
  readonly close: () => Promise<void>;
}

/** Bytes so far, and in all where the server says so. */
export type OnBytes = (received: number, total: number | undefined) => void;

type Consume<T> = (response: Dispatcher.ResponseData) => Promise<T | HttpFailure>;

const MAX_REDIRECTS = 5;

/** A client with its own connections; `close` it. */
export function httpClient(options: HttpOptions = {}): HttpClient {
  const { attempts = 4, answerTimeout = 15_000, idleTimeout = 30_000, sleep = sleepFor, onWait } = options;
  const agents = new Map<string, Dispatcher>();
  /** Hosts that gave no sign of life however often they were asked: they get one more chance at a time. */
  const silent = new Set<string>();

  function agentFor(ca: string | undefined): Dispatcher {
    const pem = [options.ca, ca].filter((text) => text !== undefined).join('\n');
    let agent = agents.get(pem);
    if (agent === undefined) {
      const trust = pem === '' ? {} : { ca: [...rootCertificates, pem] };
      const tls = { ...trust, timeout: answerTimeout };
      agent = new EnvHttpProxyAgent({ connect: tls, requestTls: tls, proxyTls: tls, proxyTunnel: false });
      agents.set(pem, agent);
    }
    return agent;
  }

  /** One request, with the redirects that follow it. */
  async function once<T>(url: string, { headers, ca }: RequestOptions, consume: Consume<T>): Promise<T | HttpFailure> {
    let response: Dispatcher.ResponseData | undefined;
    try {
      const dispatcher = agentFor(ca);
      let current = new URL(url);
      let sent: Record<string, string> = { 'accept-encoding': 'identity', ...headers };
      for (let hops = 0; ; hops++) {
        response = await request(current, {
          method: 'GET',
          headers: sent,
          dispatcher,
          headersTimeout: answerTimeout,
          bodyTimeout: idleTimeout,
        });
        const location = response.headers['location'];
        if (!isRedirect(response.statusCode) || typeof location !== 'string') return await consume(response);
        await response.body.dump();
        const next = URL.canParse(location, current.href) ? new URL(location, current.href) : undefined;
        if (next === undefined || !['http:', 'https:'].includes(next.protocol) || downgrades(current, next))
          return { kind: 'redirect', url, detail: `it redirects from ${current.protocol}// to ${target(next)}` };
        if (hops === MAX_REDIRECTS) return { kind: 'redirect', url, detail: `more than ${String(hops)} redirects` };
        if (next.origin !== current.origin) sent = withoutAuthorization(sent);
        current = next;
        response = undefined;
      }
    } catch (error) {
      const failure = networkFailure(url, error, response !== undefined);
      if (failure === undefined) throw error;
      return failure;
    }
  }

  async function repeated<T>(url: string, given: RequestOptions, consume: Consume<T>): Promise<Fetched<T>> {
    for (let attempt = 1; ; attempt++) {
      const result = await once(url, given, consume);
      if (!isFailure(result)) return { ok: true, value: result };
      const host = URL.canParse(url) ? new URL(url).host : '';
      const isLast = attempt >= attempts || silent.has(host);
      const pause = isRetryable(result) && !isLast ? waitFor(result, attempt) : undefined;
      if (pause === undefined) {
        if (result.kind === 'network' || result.kind === 'timeout') silent.add(host);
        return { ok: false, failure: attempt === 1 ? result : { ...result, attempts: attempt } };
      }
      if (pause >= 1000) onWait?.(result, pause);
      await sleep(pause);
    }
  }

  return {
    get: (url, maxBytes, given = {}) =>
      repeated<HttpResponse>(url, given, async (response) => {
        const status = response.statusCode;
        const headers = joined(response.headers);
        const chunks: Uint8Array[] = [];
        let size = 0;
        for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
          size += chunk.length;
          if (size > maxBytes) return { kind: 'too-large', url, detail: `more than ${String(maxBytes)} bytes` };
          chunks.push(chunk);
        }
        const failure: HttpFailure = { kind: 'status', url, status, headers, detail: `HTTP ${String(status)}` };
        return isRetryable(failure) ? failure : { status, headers, body: Buffer.concat(chunks) };
      }),
    digest: (url, given = {}, onBytes) =>
      repeated<string>(url, given, async (response) => {
        const status = response.statusCode;
        const headers = joined(response.headers);
        if (status !== 200) {
          await response.body.dump();
          return { kind: 'status', url, status, headers, detail: `HTTP ${String(status)}` };
        }
        const hash = createHash('sha256');
        const length = Number(headers['content-length'] ?? NaN);
        let size = 0;
        for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
          hash.update(chunk);
          size += chunk.length;
          onBytes?.(size, Number.isNaN(length) ? undefined : length);
        }
        return hash.digest('hex');
      }),
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function isFailure(result: unknown): result is HttpFailure {
  return result !== null && typeof result === 'object' && 'kind' in result && 'detail' in result;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** What began under TLS does not go on without it. */
function downgrades(from: URL, to: URL): boolean {
  return from.protocol === 'https:' && to.protocol === 'http:';
}

/** Scheme and host alone: paths and queries of redirects often carry signatures that are as good as passwords. */
function target(url: URL | undefined): string {
  return url === undefined ? 'a place that is no URL' : `${url.protocol}//${url.host}`;
}

function withoutAuthorization(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

function joined(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}
