import type { Checked } from '../../generator/diagnostics/diagnostic.ts';
import { systemIssuing } from '../../generator/host/issuing.ts';
import { secretsOf } from '../../generator/secrets/certificates.ts';
import { ensureSecrets } from '../../generator/secrets/ensure.ts';
import type { Issuing } from '../../generator/secrets/making.ts';
import type { SecretsSpec } from '../../generator/secrets/specs.ts';
import { emptyStore, type Store } from '../../generator/secrets/store.ts';
import { clusterOf } from './cluster.ts';

/** Three control-plane nodes, two workers, both families, an endpoint with a name of its own. */
export const BLUEPRINT = `
apiVersion: triskel/v1
name: demo
endpoint: {type: external, internal: "10.0.0.7:6443", external: "api.example.org:443", names: [api2.example.org, "192.0.2.9"]}
network: {nodes: [10.0.0.0/24, "fd00::/64"]}
access: {users: [{name: core, sshKeys: [ssh-ed25519 AAAA]}]}
nodes:
- {name: master0, roles: [control-plane], address: [10.0.0.10, "fd00::10"]}
- {name: master1, roles: [control-plane], address: [10.0.0.11, "fd00::11"]}
- {name: master2, roles: [control-plane], address: [10.0.0.12, "fd00::12"]}
nodeGroups:
- {name: worker, count: 2, roles: [worker], addresses: [10.0.0.20-10.0.0.29, "fd00::20-fd00::29"]}
`;

export const NOW = new Date('2030-01-02T03:04:05.678Z');

export function specOf(blueprint = BLUEPRINT): SecretsSpec {
  return secretsOf(clusterOf(blueprint));
}

export function issuingAt(now = NOW): Issuing {
  return systemIssuing(now);
}

/** A store with everything that the spec lists. */
export async function storeOf(spec: SecretsSpec, now = NOW): Promise<Store> {
  return must(await ensureSecrets(spec, emptyStore('demo'), issuingAt(now))).store;
}

/** The value; throws with what was found instead. */
export function must<T>({ value, diagnostics }: Checked<T>): T {
  if (value === undefined) throw new Error(diagnostics.map((d) => `${d.code}: ${d.message}`).join('\n'));
  return value;
}
