import endpointIsPlainName from './rules/endpoint-is-plain-name.md';
import etcdOnRootDisk from './rules/etcd-on-root-disk.md';
import evenEtcdMembers from './rules/even-etcd-members.md';
import leafLifetime from './rules/leaf-lifetime.md';
import noEncryptionAtRest from './rules/no-encryption-at-rest.md';
import oneFailureDomain from './rules/one-failure-domain.md';
import plainHttpMirror from './rules/plain-http-mirror.md';
import plainHttpPayload from './rules/plain-http-payload.md';
import singleControlPlane from './rules/single-control-plane.md';
import twoEtcdMembers from './rules/two-etcd-members.md';

const pages: Readonly<Record<string, string>> = {
  'review/endpoint-is-plain-name': endpointIsPlainName,
  'review/etcd-on-root-disk': etcdOnRootDisk,
  'review/even-etcd-members': evenEtcdMembers,
  'review/leaf-lifetime': leafLifetime,
  'review/no-encryption-at-rest': noEncryptionAtRest,
  'review/one-failure-domain': oneFailureDomain,
  'review/plain-http-mirror': plainHttpMirror,
  'review/plain-http-payload': plainHttpPayload,
  'review/single-control-plane': singleControlPlane,
  'review/two-etcd-members': twoEtcdMembers,
};

/** The page of the rule that says a code, as Markdown; undefined for codes of other stages. */
export function pageOf(code: string): string | undefined {
  return pages[code];
}
