/** What all of Neutron's resources have, and who may see them. */
import { neutronError, type Request } from './http.ts';
import type { Kind, Row } from './world.ts';

/** What every resource has. */
export function stamped(
  { world, user }: Pick<Request, 'world' | 'user'>,
  given: Readonly<Record<string, unknown>>,
): Row {
  const date = world.date();
  return {
    id: world.newId(),
    name: '',
    description: '',
    tags: [],
    created_at: date,
    ...given,
    project_id: user.projectId,
  };
}

const NAMES: Readonly<Partial<Record<Kind, readonly [type: string, text: (id: string) => string]>>> = {
  network: ['NetworkNotFound', (id) => `Network ${id} could not be found.`],
  subnet: ['SubnetNotFound', (id) => `Subnet ${id} could not be found.`],
  router: ['RouterNotFound', (id) => `Router ${id} could not be found`],
  port: ['PortNotFound', (id) => `Port ${id} could not be found.`],
  security_group: ['SecurityGroupNotFound', (id) => `Security group ${id} does not exist`],
  security_group_rule: ['SecurityGroupRuleNotFound', (id) => `Security group rule ${id} does not exist`],
  floatingip: ['FloatingIPNotFound', (id) => `Floating IP ${id} could not be found`],
};

/** A thing that the user may see. */
export function seen({ world, user }: Pick<Request, 'world' | 'user'>, kind: Kind, id: unknown): Row {
  const row = world.get(kind, id);
  const isOpen = kind === 'network' && row?.['router:external'] === true;
  if (row !== undefined && (row.project_id === user.projectId || user.name === 'admin' || isOpen)) return row;
  const [type, text] = NAMES[kind] ?? ['NotFound', String];
  throw neutronError(404, type, text(String(id)));
}

/** `wanted`: how many are to be made. */
export function checkQuota({ world, user }: Request, kind: Kind, wanted = 1): void {
  const limit = world.quotas.network[kind] ?? -1;
  const used = world.all(kind).filter(({ project_id }) => project_id === user.projectId).length;
  if (limit >= 0 && used + wanted > limit)
    throw neutronError(409, 'OverQuota', `Quota exceeded for resources: ['${kind}'].`);
}
