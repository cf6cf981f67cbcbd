import { expect, test } from 'vitest';
import { checksumFilesOf, findChecksum } from '../../generator/base/checksums.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);

test.each([
  ['the bare hash of dl.k8s.io', a, 'kubelet', true, a],
  ['a bare hash with a line feed', `${a}\n`, 'kubelet', true, a],
  ['a bare hash in a list of many files', a, 'kubelet', false, undefined],
  ['sha256sum', `${b}  other.tgz\n${a}  etcd.tgz\n`, 'etcd.tgz', false, a],
  ['sha256sum in binary mode', `${a} *etcd.tgz`, 'etcd.tgz', false, a],
  ['sha256sum with folders', `${a}  ./out/etcd.tgz`, 'etcd.tgz', true, a],
  ['capitals', `${a.toUpperCase()}  etcd.tgz`, 'etcd.tgz', false, a],
  ['BSD', `SHA256 (etcd.tgz) = ${a}\r\n`, 'etcd.tgz', false, a],
  ['a file that is not listed', `${a}  etcd.tgz.asc`, 'etcd.tgz', true, undefined],
  ['a signed list', `-----BEGIN PGP SIGNED MESSAGE-----\n\n${a}  runc.amd64\n`, 'runc.amd64', false, a],
  ['a portal', '<html>please log in</html>', 'kubelet', true, undefined],
  ['a sha512', `${a}${b}`, 'kubelet', true, undefined],
  ['nothing', '', 'kubelet', true, undefined],
])('%s', (_what, text, file, single, expected) => {
  expect(findChecksum(text, file, single)).toBe(expected);
});

test('runc publishes one list for all architectures', () => {
  expect(checksumFilesOf('https://x/v1/runc.amd64').map((c) => c.url)).toEqual([
    'https://x/v1/runc.amd64.sha256',
    'https://x/v1/runc.amd64.sha256sum',
    'https://x/v1/SHA256SUMS',
    'https://x/v1/runc.sha256sum',
  ]);
});
