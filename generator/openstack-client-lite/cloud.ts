/** A cloud: its services, each with the kinds of things that it has. */
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
  const own = session(options);
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
