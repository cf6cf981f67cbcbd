import { CloudError, type Cloud } from 'openstack-client-lite';
import { markOf } from '../clouds/openstack/marks.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { StoreFile } from '../host/store-file.ts';
import { enterValue } from '../secrets/enter.ts';
import type { Store } from '../secrets/store.ts';
import type { OnCloud } from './cloud-command.ts';

/** What the cloud controller on the nodes logs in with. */
export interface Credential {
  /** With it, where there is one. */
  readonly store: Store;
  readonly diagnostics: readonly Diagnostic[];
}

/** The value names that the credential is kept under (secrets/values.ts). */
const ID = 'openstack/credential-id';
const SECRET = 'openstack/credential-secret';
/** True for the holes that are filled with what `cloudControllerCredential` makes. */
export function isCredential(hole: string): boolean {
  return hole === ID || hole === SECRET;
}

/** What the controller needs; the operator's other roles stay with the operator. */
const ROLES = ['member', 'reader', 'load-balancer_member'];

/** Takes the credential that `boot` made out of the cloud and out of the store; one that somebody entered stays. */
export async function forgetCredential(
  cluster: string,
  { store, write }: Pick<StoreFile, 'store' | 'write'>,
  cloud: Cloud,
): Promise<readonly Diagnostic[]> {
  const { applicationCredentials } = cloud.identity;
  const made = await applicationCredentials.list({ name: credentialName(cluster) });
  for (const { id } of made) await applicationCredentials.delete(id);
  if (!made.some(({ id }) => id === store.values[ID]?.value)) return [];
  const { [ID]: _id, [SECRET]: _secret, ...values } = store.values;
  return write({ ...store, values });
}

function credentialName(cluster: string): string {
  return markOf(cluster, 'application-credential/cloud-controller');
}

/**
 * The store with the cloud controller's credential. One that is not there is made, as an application credential of the operator's
 * project, and saved before anything is sealed with it, where the operator's own authentication allows that. The operator's own
 * credential never reaches a node.
 */
export async function cloudControllerCredential(
  { compilation, cluster }: OnCloud,
  { store, write }: Pick<StoreFile, 'store' | 'write'>,
  cloud: Cloud,
): Promise<Credential> {
  const { secrets } = compilation;
  const isWanted = secrets.values.some(({ name, part }) => `${name}/${part}` === SECRET);
  if (!isWanted || (store.values[ID] !== undefined && store.values[SECRET] !== undefined))
    return { store, diagnostics: [] };
  const { applicationCredentials } = cloud.identity;
  const name = credentialName(cluster.name);
  try {
    // One of an earlier run whose secret nobody has any more.
    for (const { id } of await applicationCredentials.list({ name })) await applicationCredentials.delete(id);
    const { roles } = await cloud.identity.token();
    const own = roles.filter((role) => ROLES.includes(role));
    const description = `the cloud controller of ${cluster.name}, made by triskel boot`;
    const made = await applicationCredentials.create({
      name,
      description,
      ...(own.length === 0 ? {} : { roles: own.map((role) => ({ name: role })) }),
    });
    const withId = enterValue(secrets, store, ID, made.id);
    const entered = enterValue(secrets, withId.value ?? store, SECRET, made.secret ?? '');
    if (entered.value === undefined) return { store, diagnostics: entered.diagnostics };
    return { store: entered.value, diagnostics: await write(entered.value) };
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== 'forbidden') throw error;
    const text = `your own authentication may not make an application credential for the cloud controller (${error.detail})`;
    return { store, diagnostics: [diagnostic('cloud/open-hole', text)] };
  }
}
