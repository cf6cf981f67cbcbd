/** Why a request failed, whether another attempt may help, and after what pause. */

export interface HttpFailure {
  /**
   * unknown-host: no such name, or no URL. network: no connection, or one that broke before an answer. timeout: silence.
   * certificate: the server is not who it should be. status: an answer that is no success. login: one that asks for a
   * password. redirect: one that is not followed. truncated: the body ended too early. too-large: more bytes than such a
   * thing has. content: the answer is not what was asked for.
   */
  readonly kind:
    | 'unknown-host'
    | 'network'
    | 'timeout'
    | 'certificate'
    | 'status'
    | 'login'
    | 'redirect'
    | 'truncated'
    | 'too-large'
    | 'content';
  /** As it was asked for, before redirects. */
  readonly url: string;
  /** A few words for people. */
  readonly detail: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often it was tried, when more than once. */
  readonly attempts?: number;
}

/** A server that asks for a longer pause than this (milliseconds) is not waited for. */
const LONGEST_PAUSE = 60_000;

/** RFC 9110 and 6585: what says by itself that it is for now. */
const PASSING_STATUSES = [408, 425, 429, 500, 502, 503, 504];

/** Codes of Node's TLS for a certificate that cannot be trusted (node/src/crypto/crypto_common.cc), and the name check. */
const CERTIFICATE_CODES = /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/**
 * An exception of undici or of Node's network as a value; both give all of theirs a code. Undefined: it is another one.
 * `answered`: the headers were there already.
 */
export function networkFailure(url: string, error: unknown, answered: boolean): HttpFailure | undefined {
  const code = codeOf(error);
  if (code === '') return undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return { kind: 'timeout', url, detail: TIMEOUTS[code] ?? 'no answer in time' };
  if (CERTIFICATE_CODES.test(code)) return { kind: 'certificate', url, detail: message };
  if (answered) return { kind: 'truncated', url, detail: 'the connection broke before the end' };
  const kind = code === 'ENOTFOUND' || code === 'ERR_INVALID_URL' ? 'unknown-host' : 'network';
  return { kind, url, detail: WORDS[code] ?? (message === '' ? code : message) };
}

/** True when the same request may succeed a little later. */
export function isRetryable({ kind, status }: HttpFailure): boolean {
  if (kind === 'status') return PASSING_STATUSES.includes(status ?? 0);
  return kind === 'network' || kind === 'timeout' || kind === 'truncated';
}

/**
 * Milliseconds until the next attempt: what the server asks for, or one, two, four … seconds. Undefined when it asks for
 * more than anybody waits for.
 */
export function waitFor({ headers }: HttpFailure, attempt: number, now = Date.now()): number | undefined {
  const asked = headers?.['retry-after'];
  if (asked === undefined) return 1000 * 2 ** (attempt - 1);
  const milliseconds = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
  if (Number.isNaN(milliseconds)) return 1000 * 2 ** (attempt - 1);
  return milliseconds > LONGEST_PAUSE ? undefined : Math.max(0, milliseconds);
}

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending in the middle',
};

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  ERR_INVALID_URL: 'the URL, or the proxy’s, is malformed',
  UND_ERR_SOCKET: 'the connection was broken off',
};

function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return codeOf(cause ?? (Array.isArray(errors) ? errors[0] : undefined));
}
