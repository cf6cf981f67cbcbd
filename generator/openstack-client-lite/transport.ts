/** What the client asks of a network: one HTTP exchange. Whoever gives another transport needs no network at all. */

/** One request. Headers have lower-case names. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, where there is a body. */
  readonly body?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer of any status. Headers have lower-case names; values of a repeated header are joined by ", ". */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Gives an answer of any status, or throws a `TransportError`. Redirects are not followed. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

/** Why there was no answer. */
export type TransportFailure = 'unknown-host' | 'refused' | 'network' | 'timeout' | 'certificate' | 'aborted';

/** No answer. The message is a few words for people. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportFailure;
  /** True where the request may have reached the server, so that it may have had its effect. */
  readonly sent: boolean;

  constructor(kind: TransportFailure, message: string, sent: boolean, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.sent = sent;
  }
}
