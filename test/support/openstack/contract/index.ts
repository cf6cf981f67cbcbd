/** The contract: what both clouds must answer alike. */
import { offers, refusals, servers } from './compute.ts';
import { credentials } from './identity.ts';
import { balancers, listenersAndPools, populated } from './load-balancer.ts';
import { ofKubernetes } from './kubernetes.ts';
import { networks, ports, routers } from './network.ts';
import type { Scenario } from './scenario.ts';
import { bootable, volumes } from './volumes.ts';

export const CONTRACT: readonly Scenario[] = [
  credentials,
  offers,
  networks,
  ports,
  routers,
  servers,
  refusals,
  volumes,
  bootable,
  balancers,
  listenersAndPools,
  populated,
  ofKubernetes,
];
