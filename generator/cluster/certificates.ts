import { X509Certificate } from 'node:crypto';
import type { Path } from '../base/paths.ts';
import type { Blueprint } from '../blueprint/blueprint.types.ts';
import { at, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Report } from './report.ts';

/** Reports CA certificates that nobody could read: the node that gets them would trust nobody, and fetch nothing. */
export function refuseUnreadableCertificates(blueprint: Blueprint, report: Report): void {
  const given: [string | undefined, Path][] = [
    ...(blueprint.registries?.mirrors ?? []).map(({ ca }, index): [string | undefined, Path] => [
      ca,
      ['registries', 'mirrors', index, 'ca'],
    ]),
    [blueprint.binaries?.mirrorCa, ['binaries', 'mirrorCa']],
    [blueprint.payload?.serveCa, ['payload', 'serveCa']],
    [
      blueprint.components?.['openstack-cloud-controller-manager']?.ca,
      ['components', 'openstack-cloud-controller-manager', 'ca'],
    ],
  ];
  for (const [pem = '', path] of given) {
    const parts = pem.split(/(?=-----BEGIN)/).filter((part) => part.trim() !== '');
    const broken = parts.findIndex((part) => !isCertificate(part));
    if (broken === -1) continue;
    const which = parts.length > 1 ? `the certificate ${String(broken + 1)} of ${String(parts.length)}` : 'this';
    report(diagnostic('cluster/invalid-certificate', `${which} is no X.509 certificate`, [at(path)]));
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
