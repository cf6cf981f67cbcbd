import type { Rule } from './rule.ts';
import { endpointIsPlainName } from './rules/endpoint-is-plain-name.ts';
import { etcdOnRootDisk } from './rules/etcd-on-root-disk.ts';
import { evenEtcdMembers } from './rules/even-etcd-members.ts';
import { leafLifetime } from './rules/leaf-lifetime.ts';
import { noEncryptionAtRest } from './rules/no-encryption-at-rest.ts';
import { noIpv6Source } from './rules/no-ipv6-source.ts';
import { oneFailureDomain } from './rules/one-failure-domain.ts';
import { plainHttpMirror } from './rules/plain-http-mirror.ts';
import { plainHttpPayload } from './rules/plain-http-payload.ts';
import { singleControlPlane } from './rules/single-control-plane.ts';
import { twoEtcdMembers } from './rules/two-etcd-members.ts';

/** In the order in which their findings are read best: what decides over availability first. */
export const rules: readonly Rule[] = [
  singleControlPlane,
  twoEtcdMembers,
  evenEtcdMembers,
  oneFailureDomain,
  etcdOnRootDisk,
  endpointIsPlainName,
  noEncryptionAtRest,
  leafLifetime,
  noIpv6Source,
  plainHttpMirror,
  plainHttpPayload,
];
