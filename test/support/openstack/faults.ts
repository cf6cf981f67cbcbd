/** Faults on the way to a cloud, real or in memory: the n-th call fails in one of the ways in which calls do. */
import { TransportError, type HttpAnswer, type Transport } from 'openstack-client-lite';

/**
 * A status that a balancer gives before the service is asked. `reset-before` and `timeout-before`: nothing arrived;
 * `reset-after` and `timeout-after`: it was done, and nobody heard. `busy`: 429 with `Retry-After`.
 */
export type Fault = 'busy' | 500 | 503 | 'reset-before' | 'reset-after' | 'timeout-before' | 'timeout-after';

export const FAULTS: readonly Fault[] = [
  'busy',
  500,
  503,
  'reset-before',
  'reset-after',
  'timeout-before',
  'timeout-after',
];

export interface Faulty {
  readonly transport: Transport;
  /** Calls so far, those for tokens too. */
  readonly calls: () => number;
}

/** `at` counts from 1. Without a fault it only counts. */
export function faulty(transport: Transport, at?: number, fault?: Fault): Faulty {
  let calls = 0;
  return {
    calls: () => calls,
    transport: async (request) => {
      calls++;
      return calls === at && fault !== undefined
        ? await failed(() => transport(request), fault)
        : await transport(request);
    },
  };
}

async function failed(send: () => Promise<HttpAnswer>, fault: Fault): Promise<HttpAnswer> {
  if (typeof fault === 'number') return { status: fault, headers: {}, body: '<html><h1>a fault</h1></html>' };
  if (fault === 'busy') return { status: 429, headers: { 'retry-after': '1' }, body: '{"overLimit": {"code": 429}}' };
  const [kind, when] = fault.split('-');
  if (when === 'after') await send();
  throw new TransportError(kind === 'timeout' ? 'timeout' : 'network', 'a fault of the test', true);
}
