/** The laws that docs/combinations.md holds every generated cluster to find what they are there for. */
import { expect, test } from 'vitest';
import { deadProbes, plainHttp, restlessUnits, unmountedFiles } from '../support/plan-laws.ts';

const name = 'kube-apiserver';

test('a file outside every mounted volume', () => {
  const command = [
    '--audit-log-path=/var/log/audit.log',
    '--client-ca-file=/etc/kubernetes/pki/ca.crt',
    '--livez=/livez',
  ];
  const mounted = { mountPath: '/etc/kubernetes/pki' };
  expect(unmountedFiles({ name, command, volumeMounts: [mounted] })).toEqual([
    'kube-apiserver names /var/log/audit.log, which it does not mount',
  ]);
  expect(unmountedFiles({ name, command, volumeMounts: [mounted, { mountPath: '/var/log' }] })).toEqual([]);
  expect(
    unmountedFiles({ name, command, volumeMounts: [{ mountPath: '/etc/kube' }, { mountPath: '/var/log' }] }),
  ).toHaveLength(1);
});

test('plain HTTP to another machine', () => {
  const command = [
    '--etcd-servers=https://10.0.0.10:2379,http://10.0.0.11:2379',
    '--listen-metrics-urls=http://127.0.0.1:2381',
  ];
  expect(plainHttp({ name, command })).toEqual([`kube-apiserver speaks plain HTTP: ${command[0] ?? ''}`]);
});

test('a probe that does nothing', () => {
  expect(deadProbes({ name, livenessProbe: { periodSeconds: 5 } })).toHaveLength(1);
  expect(deadProbes({ name, livenessProbe: { httpGet: {} } })).toEqual([]);
});

test('a unit of Pacemaker’s that others start, too', () => {
  const resources = '<primitive id="APIServer" class="systemd" type="kube-apiserver"/>';
  const file = { kind: 'file', path: '/etc/triskel/pacemaker.xml', mode: 0o600, content: resources } as const;
  const unit = { kind: 'unit', name: 'kube-apiserver.service' } as const;
  const lawful = { ...unit, enabled: false, content: '[Service]\nRestart=no\n' };
  const restless = { ...unit, enabled: true, content: '[Service]\nRestart=always\n' };
  expect(restlessUnits({ files: [file], units: [lawful] })).toEqual([]);
  expect(restlessUnits({ files: [file], units: [restless] })).toHaveLength(2);
  expect(restlessUnits({ files: [], units: [restless] })).toEqual([]);
});
