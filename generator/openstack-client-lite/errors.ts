/** What can go wrong: one type of error for everything, with what a program decides on and what a person needs. */
import { readErrorBody } from './error-body.ts';
import { TransportError, type HttpAnswer, type TransportFailure } from './transport.ts';

/**
 * What an answer means; beside these the reasons for no answer (`TransportFailure`).
 * unauthorized: no valid token, and none to be had. forbidden: the roles do not allow it. quota: it would exceed a quota.
 * not-found: no such thing. invalid: the request itself is wrong. exists: there is one already, or its address is taken.
 * in-use: something else needs it. immutable: it is being changed just now (Octavia). conflict: any other 409. limited: too
 * many requests. version: the cloud does not know the microversion. server: a fault of the cloud. content: the answer is not
 * what the API gives. catalog: the cloud has no such service, region or interface.
 */
export type ErrorKind =
  | TransportFailure
  | 'unauthorized'
  | 'forbidden'
  | 'quota'
  | 'not-found'
  | 'invalid'
  | 'exists'
  | 'in-use'
  | 'immutable'
  | 'conflict'
  | 'limited'
  | 'version'
  | 'server'
  | 'content'
  | 'catalog';

/** The call that failed. No query, no header, no body: these may hold what nobody else may see. */
export interface FailedCall {
  /** `network`, `compute`, … as in the catalog; `identity` for Keystone. */
  readonly service: string;
  readonly method: string;
  /** Path without its query. */
  readonly path: string;
}

interface Facts {
  readonly kind: ErrorKind;
  readonly detail: string;
  readonly status?: number | undefined;
  readonly type?: string | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: string | undefined;
  readonly mayHaveHappened?: boolean;
  readonly cause?: unknown;
}

/** Every failure of a call. */
export class CloudError extends Error {
  override readonly name = 'CloudError';
  readonly kind: ErrorKind;
  readonly call: FailedCall;
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** What the cloud says, or a few words on why there is no answer. */
  readonly detail: string;
  /** The service's own name of the error: Neutron's type (`IpAddressAlreadyAllocated`), Nova's key (`forbidden`), … */
  readonly type: string | undefined;
  /** What the cloud's operator finds the call by in the service's log. */
  readonly requestId: string | undefined;
  /** The header Retry-After, as it came. */
  readonly retryAfter: string | undefined;
  /** True where a change may have been made although it failed: no answer came, or one of a server at fault. */
  readonly mayHaveHappened: boolean;
  /** How often it was tried; 0: nobody would have tried it again. */
  attempts = 0;

  constructor(call: FailedCall, facts: Facts) {
    const { kind, detail, status, type, requestId, retryAfter, mayHaveHappened = false, cause } = facts;
    const answer = status === undefined ? '' : ` (HTTP ${String(status)})`;
    const id = requestId === undefined ? '' : ` [${requestId}]`;
    super(`${call.service}: ${call.method} ${call.path}: ${detail}${answer}${id}`, { cause });
    this.kind = kind;
    this.call = call;
    this.status = status;
    this.detail = detail;
    this.type = type;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.mayHaveHappened = mayHaveHappened;
  }

  /** True where the same call may succeed a little later. */
  get retryable(): boolean {
    return RETRYABLE.has(this.kind) && (this.kind !== 'server' || PASSING.has(this.status ?? 0));
  }

  /** True where nothing came to the server, not even a connection. */
  get unconnected(): boolean {
    return this.cause instanceof TransportError && !this.cause.sent;
  }
}

const RETRYABLE: ReadonlySet<ErrorKind> = new Set(['network', 'refused', 'timeout', 'limited', 'immutable', 'server']);

/** Faults that are often for now: a database's deadlock, a restarting service, a balancer before one. */
const PASSING: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** An answer of 400 or more as an error. */
export function answerError(call: FailedCall, { status, headers, body }: HttpAnswer): CloudError {
  const { type, message } = readErrorBody(body);
  const detail = message ?? (status >= 500 ? 'a fault of the cloud' : 'it was refused without a word');
  const kind = kindOf(status, type ?? '', detail);
  return new CloudError(call, {
    kind,
    detail,
    status,
    type,
    requestId: requestIdOf(headers),
    retryAfter: headers['retry-after'],
    mayHaveHappened: kind === 'server' && call.method !== 'GET',
  });
}

/** No answer as an error. Of the URL it tells with whom a connection was sought: a name, or an address, and a port. */
export function noAnswerError(call: FailedCall, url: string, error: TransportError): CloudError {
  const { kind, message, sent } = error;
  const detail = URL.canParse(url) ? `${message} (${new URL(url).host})` : message;
  return new CloudError(call, { kind, detail, mayHaveHappened: sent && call.method !== 'GET', cause: error });
}

/** The header's names differ: oslo.middleware's, and Nova's and Cinder's older ones. */
export function requestIdOf(headers: HttpAnswer['headers']): string | undefined {
  return headers['x-openstack-request-id'] ?? headers['x-compute-request-id'] ?? headers['x-trans-id'];
}

/**
 * A quota is 403 in Nova and Octavia, 409 in Neutron, 413 in Cinder; only words tell it from a missing right.
 * Octavia's two 409s, "is immutable" or "Invalid state PENDING_…" and "already …", are told apart by words, too. So is what should
 * have been a 409: a router's second interface and a volume that is in use are 400, a VIP that is taken is 500.
 */
function kindOf(status: number, type: string, detail: string): ErrorKind {
  const isQuota = /quota|OverQuota|LimitExceeded|maximum (allowed )?(number|size)/i.test(`${type} ${detail}`);
  switch (status) {
    case 400:
      if (/already has a port on subnet/.test(detail)) return 'exists';
      return /has children|already attached|Volume status must be available/.test(detail) ? 'in-use' : 'invalid';
    case 401:
      return 'unauthorized';
    case 403:
      return isQuota ? 'quota' : 'forbidden';
    case 404:
      return 'not-found';
    case 406:
      return 'version';
    case 409:
      if (/immutable|Invalid state PENDING/i.test(detail)) return 'immutable';
      if (isQuota) return 'quota';
      if (/InUse|in use|has children/i.test(`${type} ${detail}`)) return 'in-use';
      return /already|Duplicate|exists/i.test(`${type} ${detail}`) ? 'exists' : 'conflict';
    case 413:
      return 'quota';
    case 408:
    case 425:
    case 429:
      return 'limited';
    case 500:
      return /ConflictException: 409/.test(detail) ? 'conflict' : 'server';
    default:
      return status >= 500 ? 'server' : 'invalid';
  }
}
