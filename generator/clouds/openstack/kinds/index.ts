import type { Kind } from '../specs.ts';
import { floatingIp } from './floating-ip.ts';
import { healthMonitor } from './health-monitor.ts';
import type { AnyKind } from './kind.ts';
import { keyPair } from './key-pair.ts';
import { listener } from './listener.ts';
import { loadBalancer } from './load-balancer.ts';
import { member } from './member.ts';
import { network } from './network.ts';
import { pool } from './pool.ts';
import { port } from './port.ts';
import { routerInterface } from './router-interface.ts';
import { router } from './router.ts';
import { securityGroupRule } from './security-group-rule.ts';
import { securityGroup } from './security-group.ts';
import { serverGroup } from './server-group.ts';
import { server } from './server.ts';
import { subnet } from './subnet.ts';
import { volume } from './volume.ts';

/**
 * Every kind, in the order of creation: what goes, goes in the opposite one. Each is given resources of its own kind alone,
 * which is what the conversion below says.
 */
export const kinds: Readonly<Record<Kind, AnyKind>> = {
  network,
  subnet,
  router,
  'router-interface': routerInterface,
  'security-group': securityGroup,
  'security-group-rule': securityGroupRule,
  'server-group': serverGroup,
  'key-pair': keyPair,
  port,
  volume,
  server,
  'load-balancer': loadBalancer,
  listener,
  pool,
  'health-monitor': healthMonitor,
  member,
  'floating-ip': floatingIp,
} as unknown as Readonly<Record<Kind, AnyKind>>;
