import { describe, expect, test } from 'vitest';
import { CloudError, TransportError } from '../index.ts';
import { answer, refusal, scripted } from './scripted.ts';

const networks = (...ids: string[]): ReturnType<typeof answer> => answer(200, { networks: ids.map((id) => ({ id })) });
const created = answer(201, { network: { id: 'n1' } });

describe('tokens', () => {
  test('one serves all calls, also those that begin together', async () => {
    const { cloud, tokenRequests, requests } = scripted([networks(), networks(), networks()]);
    await Promise.all([cloud.network.networks.list(), cloud.network.networks.list()]);
    await cloud.network.networks.list();
    expect(tokenRequests).toHaveLength(1);
    expect(requests.map(({ headers }) => headers['x-auth-token'])).toEqual(['token-1', 'token-1', 'token-1']);
  });

  test('is changed for a new one before it ends', async () => {
    const played = scripted([networks(), networks()]);
    await played.cloud.network.networks.list();
    await played.clock.sleep(3_600_000 - 59_000);
    await played.cloud.network.networks.list();
    expect(played.requests.at(-1)?.headers['x-auth-token']).toBe('token-2');
  });

  test('one that is refused is changed once, and the call made again', async () => {
    const played = scripted([answer(401, { error: { message: 'no', code: 401 } }), created]);
    expect(await played.cloud.network.networks.create({ name: 'a' })).toEqual({ id: 'n1' });
    expect(played.tokenRequests).toHaveLength(2);
    const twice = scripted([answer(401), answer(401)]);
    expect(await refusal(twice.cloud.network.networks.list())).toMatchObject({ kind: 'unauthorized', status: 401 });
  });

  test('a token of somebody else is asked about, and not renewed', async () => {
    const played = scripted([answer(401)], { auth: { type: 'token', token: 'theirs' } });
    expect(await refusal(played.cloud.network.networks.list())).toMatchObject({ kind: 'unauthorized' });
    expect(played.tokenRequests.map(({ method, headers }) => [method, headers['x-subject-token']])).toEqual([
      ['GET', 'theirs'],
    ]);
  });
});

/** What becomes of a call where requests for tokens fail so: at once, or after a first token has ended. Its pauses, too. */
async function withoutKeystone(failure: TransportError, afterToken: boolean): Promise<[unknown, readonly number[]]> {
  let fails = !afterToken;
  const played = scripted([networks()], {
    transport: (request) =>
      fails && request.url.endsWith('/auth/tokens') ? Promise.reject(failure) : played.transport(request),
  });
  if (afterToken) await played.cloud.network.networks.list();
  fails = true;
  await played.clock.sleep(3_600_000);
  played.slept.length = 0;
  return [await refusal(played.cloud.network.networks.list()), played.slept];
}

describe('a Keystone that does not answer', () => {
  const refused = new TransportError('refused', 'refused', false);

  test.each([refused, new TransportError('timeout', 'no connection in time', false)])(
    'is given up soon where it never has and no connection comes about, for the URL may be wrong: $kind',
    async (failure) => {
      const [error, slept] = await withoutKeystone(failure, false);
      const detail = `${failure.message} (cloud:5000)`;
      expect(error).toMatchObject({ kind: failure.kind, detail, attempts: 3, call: { service: 'identity' } });
      expect(slept).toEqual([500, 1000]);
    },
  );

  test.each([
    ['it has before', refused, true],
    ['it was connected', new TransportError('network', 'broken', true), false],
  ])('is waited for where %s, and once for all who need it', async (_what, failure, afterToken) => {
    const [error, slept] = await withoutKeystone(failure, afterToken);
    expect(error).toMatchObject({ kind: failure.kind, attempts: 6, call: { service: 'identity' } });
    expect(slept).toEqual([500, 1000, 2000, 4000, 8000]);
  });
});

describe('a call that fails', () => {
  test.each([429, 500, 502, 503, 504])('with %d is made again where that does no harm', async (status) => {
    const { cloud, slept } = scripted([answer(status), answer(status), networks('n1')]);
    expect(await cloud.network.networks.list()).toEqual([{ id: 'n1' }]);
    expect(slept).toEqual([500, 1000]);
  });

  test.each([400, 403, 409, 501])('with %d is not', async (status) => {
    const { cloud, slept } = scripted([answer(status)]);
    expect(await refusal(cloud.network.networks.list())).toMatchObject({ status, retryable: false, attempts: 1 });
    expect(slept).toEqual([]);
  });

  test('waits as long as the server asks, and not for ever', async () => {
    const asked = scripted([answer(429, {}, { 'retry-after': '7' }), networks()]);
    await asked.cloud.network.networks.list();
    expect(asked.slept).toEqual([7000]);
    const date = new Date(Date.UTC(2026, 0) + 9000).toUTCString();
    const dated = scripted([answer(503, {}, { 'retry-after': date }), networks()]);
    await dated.cloud.network.networks.list();
    expect(dated.slept).toEqual([9000]);
    const long = scripted([answer(503, {}, { 'retry-after': '3600' })]);
    expect(await refusal(long.cloud.network.networks.list())).toMatchObject({ status: 503, retryAfter: '3600' });
  });

  test('is given up after so many attempts, and past its time', async () => {
    const many = scripted(Array.from({ length: 9 }, () => answer(500)));
    expect(await refusal(many.cloud.network.networks.list())).toMatchObject({ attempts: 6 });
    const late = scripted([answer(500), answer(500), answer(500)], { timeLimit: 1000 });
    expect(await refusal(late.cloud.network.networks.list())).toMatchObject({ attempts: 2 });
  });

  test.each([
    ['no answer came', new TransportError('network', 'broken', true)],
    ['the server is at fault', answer(503)],
  ])('a POST is not made again when %s, for it may have had its effect', async (_what, step) => {
    const { cloud } = scripted([step]);
    expect(await refusal(cloud.network.networks.create({}))).toMatchObject({ mayHaveHappened: true, attempts: 1 });
  });

  test.each([
    ['the connection was refused', new TransportError('refused', 'refused', false)],
    ['there were too many', answer(429)],
  ])('a POST is made again when %s, for it had none', async (_what, step) => {
    expect(await scripted([step, created]).cloud.network.networks.create({})).toEqual({ id: 'n1' });
  });

  test('a POST whose answer was lost is made again after a look for what it made', async () => {
    const lost = new TransportError('network', 'broken', true);
    const there = scripted([lost, networks('n7')]);
    const look = (played: typeof there) => async () => (await played.cloud.network.networks.list({ name: 'a' }))[0];
    expect(await there.cloud.network.networks.create({ name: 'a' }, { existing: look(there) })).toEqual({ id: 'n7' });
    expect(there.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    const gone = scripted([lost, networks(), created]);
    expect(await gone.cloud.network.networks.create({ name: 'a' }, { existing: look(gone) })).toEqual({ id: 'n1' });
    expect(gone.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  test('nothing of the request but method and path is in the error', async () => {
    const { cloud } = scripted([answer(400, { NeutronError: { type: 'Bad', message: 'wrong' } })]);
    const error = (await refusal(cloud.network.networks.list({ name: 'hush' }))) as CloudError;
    expect(error.message).toBe('network: GET /networks: wrong (HTTP 400)');
    expect(JSON.stringify(error)).not.toMatch(/hush|secret|token-1/);
  });
});

describe('a stop', () => {
  test('before a call, and in the middle of a pause', async () => {
    const signal = AbortSignal.abort();
    const { cloud, tokenRequests } = scripted([]);
    expect(await refusal(cloud.network.networks.list({}, { signal }))).toMatchObject({ kind: 'aborted' });
    expect(tokenRequests).toHaveLength(0);
    const stop = new AbortController();
    const stopped = scripted([
      () => {
        stop.abort();
        return answer(500);
      },
    ]);
    expect(await refusal(stopped.cloud.network.networks.list({}, { signal: stop.signal }))).toMatchObject({
      kind: 'aborted',
    });
  });
});
