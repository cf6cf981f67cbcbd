import { BACKDATED_HOURS } from './making.ts';
import type { SecretsSpec } from './specs.ts';

/** The value of pki.yaml: every certificate that is to be issued. Durations and no dates; no keys. */
export function pkiOf(spec: SecretsSpec): Record<string, unknown> {
  return {
    backdated: counted(BACKDATED_HOURS, 'hour'),
    authorities: spec.cas.map(({ id, commonName, algorithm, years }) => ({
      id,
      subject: { commonName },
      algorithm,
      lifetime: counted(years, 'year'),
      pathLength: 0,
      ...(spec.caKeys?.includes(id) === true && { keyOnNodes: true }),
    })),
    keyPairs: spec.keyPairs.map(({ id, algorithm }) => ({ id, algorithm })),
    certificates: spec.certificates.map((leaf) => ({
      id: leaf.id,
      purpose: leaf.purpose,
      ...(leaf.node !== undefined && { node: leaf.node }),
      issuer: leaf.ca,
      subject: {
        ...(leaf.organizations.length > 0 && { organizations: leaf.organizations }),
        commonName: leaf.commonName,
      },
      ...(leaf.dnsNames.length > 0 && { dnsNames: leaf.dnsNames }),
      ...(leaf.ipAddresses.length > 0 && { ipAddresses: leaf.ipAddresses }),
      usages: leaf.usages,
      algorithm: leaf.algorithm,
      lifetime: counted(leaf.days, 'day'),
    })),
  };
}

function counted(count: number, unit: string): string {
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
