import type { Config } from 'ignition-config-types';
import type { Storage } from 'ignition-config-types/v3_3';

const tang = { url: 'http://tang.example.org', thumbprint: 't' };
const cex = { enabled: true };
const file = (source: string): Storage => ({ files: [{ path: '/etc/a', contents: { source } }] });

/** What a version added: the version in it and all later ones take it, earlier ones refuse it. */
export const added: Readonly<Record<string, Config>> = {
  'every key that 3.4.0 added': {
    ignition: { version: '3.4.0' },
    storage: {
      luks: [
        {
          name: 'l',
          device: '/dev/vda',
          discard: true,
          openOptions: ['--perf-no_read_workqueue'],
          clevis: { tang: [{ ...tang, advertisement: '{"payload": "p"}' }] },
        },
      ],
    },
  },
  'an object in S3 by its ARN': { ignition: { version: '3.4.0' }, storage: file('arn:aws:s3:::bucket/some/key') },
  'an object behind an access point': {
    ignition: { version: '3.4.0' },
    storage: file('arn:aws:s3:us-west-1:123456789012:accesspoint/test/object/some/path?versionId=1'),
  },
  'every key that 3.5.0 added': {
    ignition: { version: '3.5.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', cex }] },
  },
  'setuid, setgid and sticky': {
    ignition: { version: '3.6.0' },
    storage: { files: [{ path: '/usr/local/bin/a', mode: 0o6755 }], directories: [{ path: '/var/a', mode: 0o1777 }] },
  },
  'a pin of any name': {
    ignition: { version: '3.6.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', clevis: { custom: { pin: 'pkcs11', config: '{}' } } }] },
  },
};

/** What the version in it could say, and all later ones, and what they refuse nevertheless. */
export const refusedSince: Readonly<Record<string, Config>> = {
  'an ARN of another service': { ignition: { version: '3.4.0' }, storage: file('arn:aws:ec2:::bucket/key') },
  'an ARN without an object': { ignition: { version: '3.4.0' }, storage: file('arn:aws:s3:::bucket') },
  'an access point without an object': {
    ignition: { version: '3.4.0' },
    storage: file('arn:aws:s3:us-west-1:123456789012:accesspoint/test'),
  },
  'an advertisement that is no JSON': {
    ignition: { version: '3.4.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', clevis: { tang: [{ ...tang, advertisement: 'adv' }] } }] },
  },
  'cex with clevis': {
    ignition: { version: '3.5.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', cex, clevis: { tpm2: true } }] },
  },
  'cex with a key file': {
    ignition: { version: '3.5.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', cex, keyFile: { source: 'data:,key' } }] },
  },
  'a mode beyond 07777': {
    ignition: { version: '3.6.0' },
    storage: { files: [{ path: '/etc/a', mode: 0o10000 }] },
  },
  'a pin without a name': {
    ignition: { version: '3.6.0' },
    storage: { luks: [{ name: 'l', device: '/dev/vda', clevis: { custom: { pin: '', config: '{}' } } }] },
  },
};
