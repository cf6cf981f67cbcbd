import type { Issued } from './issue.ts';
import { BACKDATED_HOURS, type Issuing } from './making.ts';
import type { Store } from './store.ts';

const HOUR = 3_600_000;
const HOURS = 8;

/**
 * A client certificate of system:masters, whose rights no RBAC object can take: for a cluster whose own are broken. It
 * lives eight hours and is kept nowhere. Undefined: there is no cluster CA yet.
 */
export async function breakGlassCertificate(store: Store, issuing: Issuing): Promise<Issued | undefined> {
  const issuer = store.cas['cluster-ca']?.current;
  if (issuer === undefined) return undefined;
  const [issued] = await issuing.issue([
    {
      subject: { commonName: 'triskel-break-glass', organizations: ['system:masters'] },
      algorithm: issuer.algorithm,
      issuer,
      usages: ['client'],
      dnsNames: [],
      ipAddresses: [],
      notBefore: new Date(issuing.now.getTime() - BACKDATED_HOURS * HOUR),
      notAfter: new Date(issuing.now.getTime() + HOURS * HOUR),
    },
  ]);
  return issued;
}
