import { authBody } from '../../../../generator/openstack-client-lite/auth.ts';
import { loginOf } from '../login.ts';
import type { Scenario } from './scenario.ts';

export const credentials: Scenario = {
  name: 'tokens and application credentials',
  run: async ({ demo, refused, raw, silently, as }) => {
    const { applicationCredentials } = demo.identity;
    const log = (auth: Parameters<typeof authBody>[0]): Promise<unknown> =>
      raw({ service: 'identity', method: 'POST', path: '/auth/tokens', body: authBody(auth) });
    const password = loginOf('demo');
    await log(password);
    await refused(log({ ...password, password: 'wrong' }));
    await refused(log({ ...password, user: { name: 'nobody' } }));
    await refused(log({ ...password, scope: { project: { name: 'other' } } }));
    const made = await applicationCredentials.create({
      name: 'contract',
      description: 'of the contract',
      roles: [{ name: 'member' }],
    });
    await refused(applicationCredentials.create({ name: 'contract' }));
    await refused(applicationCredentials.create({ name: 'more', roles: [{ name: 'admin' }] }));
    await applicationCredentials.list({ name: 'contract' });
    await applicationCredentials.list({ name: 'nothing' });
    await applicationCredentials.get(made.id);
    await log({ type: 'application-credential', credential: { id: made.id }, secret: made.secret! });
    await refused(log({ type: 'application-credential', credential: { id: made.id }, secret: 'wrong' }));
    await refused(as('other').identity.applicationCredentials.get(made.id));
    await applicationCredentials.delete(made.id);
    await applicationCredentials.get(made.id);
    await applicationCredentials.delete(made.id);
    const { value } = await silently(() => demo.identity.token());
    await log({ type: 'token', token: value, scope: password.scope });
  },
};
