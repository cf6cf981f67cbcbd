import type { Neighbourhood, PlannedCluster, ReviewCode, Rule } from './rule.ts';
import { addressOfAnotherCluster } from './rules/address-of-another-cluster.ts';
import { caKeyOnNodes } from './rules/ca-key-on-nodes.ts';
import { controlPlaneUsesEndpoint } from './rules/control-plane-uses-endpoint.ts';
import { endpointIsPlainName } from './rules/endpoint-is-plain-name.ts';
import { etcdElectionTimeout } from './rules/etcd-election-timeout.ts';
import { etcdOnRootDisk } from './rules/etcd-on-root-disk.ts';
import { evenCorosyncMembers } from './rules/even-corosync-members.ts';
import { evenEtcdMembers } from './rules/even-etcd-members.ts';
import { holdersInOneZone } from './rules/holders-in-one-zone.ts';
import { hostPortTaken } from './rules/host-port-taken.ts';
import { leafLifetime } from './rules/leaf-lifetime.ts';
import { masterCountReconciler } from './rules/master-count-reconciler.ts';
import { misspeltName } from './rules/misspelt-name.ts';
import { noEncryptionAtRest } from './rules/no-encryption-at-rest.ts';
import { noFencing } from './rules/no-fencing.ts';
import { noIpv6Source } from './rules/no-ipv6-source.ts';
import { noUpdateCoordinator } from './rules/no-update-coordinator.ts';
import { oneFailureDomain } from './rules/one-failure-domain.ts';
import { overlappingNodeNetworks } from './rules/overlapping-node-networks.ts';
import { plainHttpMirror } from './rules/plain-http-mirror.ts';
import { plainHttpPayload } from './rules/plain-http-payload.ts';
import { podsHideACluster } from './rules/pods-hide-a-cluster.ts';
import { probeDoesNothing } from './rules/probe-does-nothing.ts';
import { rebootsByItself } from './rules/reboots-by-itself.ts';
import { removedVolumeDriver } from './rules/removed-volume-driver.ts';
import { singleControlPlane } from './rules/single-control-plane.ts';
import { singleVirtualIpHolder } from './rules/single-virtual-ip-holder.ts';
import { slowFailover } from './rules/slow-failover.ts';
import { twoEtcdMembers } from './rules/two-etcd-members.ts';
import { twoNodePacemaker } from './rules/two-node-pacemaker.ts';
import { twoCopies } from './rules/two-copies.ts';
import { unsignedPackages } from './rules/unsigned-packages.ts';
import { virtualIpReturns } from './rules/virtual-ip-returns.ts';
import { virtualRouterIdRepeated } from './rules/virtual-router-id-repeated.ts';
import { virtualRouterIdTaken } from './rules/virtual-router-id-taken.ts';
import { vrrpPassword } from './rules/vrrp-password.ts';
import { weakeningArgument } from './rules/weakening-argument.ts';

/** Over one cluster, in the order in which their findings are read best: what decides over availability first. */
export const rules: readonly Rule[] = [
  singleControlPlane,
  twoEtcdMembers,
  evenEtcdMembers,
  oneFailureDomain,
  etcdOnRootDisk,
  twoNodePacemaker,
  noFencing,
  evenCorosyncMembers,
  singleVirtualIpHolder,
  twoCopies,
  holdersInOneZone,
  slowFailover,
  virtualIpReturns,
  vrrpPassword,
  etcdElectionTimeout,
  masterCountReconciler,
  controlPlaneUsesEndpoint,
  rebootsByItself,
  endpointIsPlainName,
  misspeltName,
  probeDoesNothing,
  removedVolumeDriver,
  caKeyOnNodes,
  weakeningArgument,
  unsignedPackages,
  noEncryptionAtRest,
  leafLifetime,
  noIpv6Source,
  plainHttpMirror,
  plainHttpPayload,
  noUpdateCoordinator,
];

/** Over what the machines of one cluster will have. */
export const planRules: readonly Rule<PlannedCluster>[] = [hostPortTaken];

/** Over one cluster among those whose blueprints lie beside it. */
export const folderRules: readonly Rule<Neighbourhood>[] = [
  virtualRouterIdTaken,
  addressOfAnotherCluster,
  virtualRouterIdRepeated,
  overlappingNodeNetworks,
  podsHideACluster,
];

/** Every rule there is. */
export const allRules: readonly { readonly code: ReviewCode; readonly page: string }[] = [
  ...rules,
  ...planRules,
  ...folderRules,
];

/** The page of the rule that says a code, as Markdown; undefined for codes of other stages. */
export function pageOf(code: string): string | undefined {
  return allRules.find((rule) => rule.code === code)?.page;
}
