/** Faults on the way to a cloud, real or in memory: chosen calls fail in one of the ways in which calls do. */
import { TransportError, type HttpAnswer, type HttpRequest, type Transport } from 'openstack-client-lite';

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

/** What happens to a call; `at` counts all of them from 1. Undefined: it passes. */
export type Choose = (request: HttpRequest, at: number) => Fault | undefined;

/** Without a choice it only counts. */
export function faulty(transport: Transport, choose: Choose = () => undefined): Faulty {
  let calls = 0;
  return {
    calls: () => calls,
    transport: async (request) => {
      const fault = choose(request, ++calls);
      return fault === undefined ? await transport(request) : await failed(() => transport(request), fault);
    },
  };
}

/** The n-th call of all. */
export function atCall(wanted: number, fault: Fault): Choose {
  return (_request, at) => (at === wanted ? fault : undefined);
}

async function failed(send: () => Promise<HttpAnswer>, fault: Fault): Promise<HttpAnswer> {
  if (typeof fault === 'number') return { status: fault, headers: {}, body: '<html><h1>a fault</h1></html>' };
  if (fault === 'busy') return { status: 429, headers: { 'retry-after': '1' }, body: '{"overLimit": {"code": 429}}' };
  const [kind, when] = fault.split('-');
  if (when === 'after') await send();
  throw new TransportError(kind === 'timeout' ? 'timeout' : 'network', 'a fault of the test', true);
}
