/** One HTTP exchange of JSON, told to whoever wants to know. */
import { answerError, CloudError, noAnswerError, requestIdOf, type FailedCall } from './errors.ts';
import type { Clock } from './time.ts';
import { TransportError, type HttpAnswer, type Transport } from './transport.ts';

export interface Exchange {
  readonly call: FailedCall;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where there is none. */
  readonly body: unknown;
}

/** One exchange, for logs and figures. */
export interface RequestEvent extends FailedCall {
  /** Undefined: there was no answer. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly requestId: string | undefined;
}

/** Throws a `CloudError` for no answer, for one of 400 or more, and for one that is not JSON. */
export async function exchange(
  { call, url, headers, body, timeout, signal }: Exchange,
  transport: Transport,
  clock: Clock,
  onRequest: ((event: RequestEvent) => void) | undefined,
): Promise<JsonAnswer> {
  const start = clock.now();
  let answer: HttpAnswer | undefined;
  try {
    answer = await transport({
      method: call.method,
      url,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeout,
      signal,
    });
  } catch (error) {
    if (error instanceof TransportError) throw noAnswerError(call, url, error);
    throw error;
  } finally {
    const requestId = answer === undefined ? undefined : requestIdOf(answer.headers);
    onRequest?.({ ...call, status: answer?.status, milliseconds: clock.now() - start, requestId });
  }
  if (answer.status >= 400) throw answerError(call, answer);
  return { status: answer.status, headers: answer.headers, body: parsed(call, answer) };
}

function parsed(call: FailedCall, { status, headers, body }: HttpAnswer): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch (cause) {
    const detail = `the answer is not JSON (${headers['content-type'] ?? 'no content type'})`;
    const mayHaveHappened = call.method !== 'GET';
    throw new CloudError(call, {
      kind: 'content',
      detail,
      status,
      requestId: requestIdOf(headers),
      mayHaveHappened,
      cause,
    });
  }
}
