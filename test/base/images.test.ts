import { expect, test } from 'vitest';
import { parseImage, withoutDigest } from '../../generator/base/images.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test.each([
  ['registry.k8s.io/pause:3.10.2', 'registry.k8s.io', 'pause', '3.10.2', undefined],
  ['registry.k8s.io/provider-os/ccm:v1', 'registry.k8s.io', 'provider-os/ccm', 'v1', undefined],
  [`ghcr.io/flannel-io/flannel:v0.28.9@${digest}`, 'ghcr.io', 'flannel-io/flannel', 'v0.28.9', digest],
  ['localhost:5000/a/b', 'localhost:5000', 'a/b', 'latest', undefined],
  ['localhost/a', 'localhost', 'a', 'latest', undefined],
  ['busybox', 'docker.io', 'library/busybox', 'latest', undefined],
  ['flannel/flannel:v1', 'docker.io', 'flannel/flannel', 'v1', undefined],
  ['docker.io/busybox:1', 'docker.io', 'library/busybox', '1', undefined],
])('%s is taken apart', (text, registry, repository, tag, given) => {
  expect(parseImage(text)).toEqual({ registry, repository, tag, digest: given });
});

test.each([
  '',
  ':1',
  'a b',
  'registry.k8s.io/',
  'x/../y',
  'x/y?z',
  'a:',
  'UPPER/case',
  'a@sha256:12',
  'a/b#c',
  'http://x/y',
])('"%s" is no image', (text) => {
  expect(parseImage(text)).toBeUndefined();
});

test('a digest is taken off', () => {
  expect(withoutDigest(`a/b:1@${digest}`)).toBe('a/b:1');
  expect(withoutDigest('a/b:1')).toBe('a/b:1');
});
