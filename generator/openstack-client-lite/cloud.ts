/** A cloud: its services, each with the kinds of things that it has. */
import type { JsonAnswer } from './exchange.ts';
import { session, type Session, type SessionOptions } from './session.ts';
import { blockStorageService, type BlockStorageService } from './services/block-storage.ts';
import { computeService, type ComputeService } from './services/compute.ts';
import { identityService, type IdentityService } from './services/identity.ts';
import { imageService, type ImageService } from './services/image.ts';
import { loadBalancerService, type LoadBalancerService } from './services/load-balancer.ts';
import { networkService, type NetworkService } from './services/network.ts';

export interface Cloud {
  readonly session: Session;
  readonly identity: IdentityService;
  readonly network: NetworkService;
  readonly loadBalancer: LoadBalancerService;
  readonly compute: ComputeService;
  readonly image: ImageService;
  readonly blockStorage: BlockStorageService;
}

/** Nothing is asked before the first call. */
export function connect(options: SessionOptions): Cloud {
  return servicesOf(session(options));
}

/**
 * The same cloud for whoever looks at much of it before anything is changed: of two who want to read the same, one asks, and both
 * have the answer. It grows old: take a new one after a change.
 */
export function snapshot({ session: own }: Cloud): Cloud {
  const answers = new Map<string, Promise<JsonAnswer>>();
  return servicesOf({
    ...own,
    request: (call, options) => {
      if (call.method !== 'GET') return own.request(call, options);
      const { service, path, query = {} } = call;
      const key = JSON.stringify([service, path, query]);
      const answer = answers.get(key) ?? own.request(call, options);
      answers.set(key, answer);
      return answer;
    },
  });
}

function servicesOf(own: Session): Cloud {
  return {
    session: own,
    identity: identityService(own),
    network: networkService(own),
    loadBalancer: loadBalancerService(own),
    compute: computeService(own),
    image: imageService(own),
    blockStorage: blockStorageService(own),
  };
}
