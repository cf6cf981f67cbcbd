import { describe, expect, test } from 'vitest';
import { answer, refusal, scripted } from './scripted.ts';

const neutron = (type: string, message: string): unknown => ({ NeutronError: { type, message, detail: '' } });
const octavia = (faultstring: string): unknown => ({ faultcode: 'Client', faultstring, debuginfo: null });

describe('the bodies of errors', () => {
  test.each([
    [
      'Neutron',
      409,
      neutron('IpAddressAlreadyAllocated', 'IP address 10.0.0.5 already allocated in subnet s'),
      'exists',
    ],
    ['Neutron', 409, neutron('NetworkInUse', 'There are one or more ports still in use'), 'in-use'],
    ['Neutron', 409, neutron('RouterInterfaceInUseByFloatingIP', 'cannot be deleted'), 'in-use'],
    ['Neutron', 409, neutron('OverQuota', "Quota exceeded for resources: ['port']."), 'quota'],
    ['Neutron', 404, neutron('NetworkNotFound', 'Network n could not be found.'), 'not-found'],
    ['Nova', 403, { forbidden: { code: 403, message: 'Quota exceeded for cores: Requested 2' } }, 'quota'],
    ['Nova', 403, { forbidden: { code: 403, message: 'Policy does not allow' } }, 'forbidden'],
    ['Nova', 409, { conflictingRequest: { code: 409, message: "Key pair 'k' already exists." } }, 'exists'],
    ['Cinder', 413, { overLimit: { code: 413, message: 'VolumeLimitExceeded' } }, 'quota'],
    ['Octavia', 409, octavia('Load Balancer x is immutable and cannot be updated.'), 'immutable'],
    [
      'Octavia',
      409,
      octavia('Another member on this pool is already using ip 10.0.0.1 on protocol_port 6443'),
      'exists',
    ],
    ['Octavia', 409, octavia('Invalid state PENDING_CREATE of loadbalancer resource x'), 'immutable'],
    ['Octavia', 500, octavia("Provider 'amphora' reports error: ConflictException: 409"), 'conflict'],
    ['Octavia', 404, { code: 404, description: 'Pool x not found.', title: 'Bad Request' }, 'not-found'],
    ['Neutron', 400, neutron('BadRequest', 'Bad router request: Router already has a port on subnet s.'), 'exists'],
    ['Nova', 400, { badRequest: { code: 400, message: 'Invalid volume: volume v is already attached to' } }, 'in-use'],
    ['Octavia', 400, octavia('Cannot delete Load Balancer x - it has children'), 'in-use'],
    ['Octavia', 403, octavia('Quota has been met for resources: Load Balancer'), 'quota'],
    [
      'Keystone',
      401,
      { error: { code: 401, message: 'The request you have made', title: 'Unauthorized' } },
      'unauthorized',
    ],
    [
      'Glance',
      404,
      { message: 'No image found<br /><br />\n', code: '404 Not Found', title: 'Not Found' },
      'not-found',
    ],
    ['the guidelines', 406, { errors: [{ code: 'x', title: 'Not Acceptable', detail: 'Version 2.999' }] }, 'version'],
  ])('%s, %d: %j is %s', async (_service, status, body, kind) => {
    const { cloud } = scripted([answer(status, body), answer(status, body)], { attempts: 1 });
    const error = await refusal(cloud.network.networks.list());
    expect(error).toMatchObject({ kind, status });
    expect((error as Error).message).not.toMatch(/[{}<>]/);
  });

  test('a page of a proxy is read as text', async () => {
    const html = '<html><head><title>502</title></head><body><h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>';
    const { cloud } = scripted([answer(502, html)], { attempts: 1 });
    expect(await refusal(cloud.network.networks.list())).toMatchObject({
      detail: '502 Bad Gateway nginx',
      kind: 'server',
    });
  });

  test.each(['x-openstack-request-id', 'x-compute-request-id'])('the request id of %s', async (header) => {
    const { cloud } = scripted([answer(400, {}, { [header]: 'req-7' })]);
    const error = await refusal(cloud.network.networks.list());
    expect(error).toMatchObject({ requestId: 'req-7' });
    expect((error as Error).message).toContain('[req-7]');
  });

  test('an answer that is no answer of the API', async () => {
    const page = scripted([answer(200, '<html>log in</html>', { 'content-type': 'text/html' })]);
    expect(await refusal(page.cloud.network.networks.list())).toMatchObject({ kind: 'content' });
    const other = scripted([answer(200, { nets: [] })]);
    expect(await refusal(other.cloud.network.networks.list())).toMatchObject({ kind: 'content' });
    const made = scripted([answer(201, {})]);
    expect(await refusal(made.cloud.network.networks.create({}))).toMatchObject({
      kind: 'content',
      mayHaveHappened: true,
    });
  });

  test('what is not there is undefined, or was not deleted', async () => {
    const missing = answer(404, neutron('NetworkNotFound', 'gone'));
    const { cloud } = scripted([missing, missing, answer(204)]);
    expect(await cloud.network.networks.get('a/b')).toBeUndefined();
    expect(await cloud.network.networks.delete('x')).toBe(false);
    expect(await cloud.network.networks.delete('x')).toBe(true);
  });
});
