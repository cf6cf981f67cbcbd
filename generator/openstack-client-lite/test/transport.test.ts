import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { networkTransport, type HttpRequest, type NetworkOptions } from '../index.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on loopback; gives its URL. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** Without proxies of the machine that the tests run on. */
const DIRECT: NetworkOptions = { httpProxy: '', httpsProxy: '', noProxy: '*' };

async function send(url: string, given: Partial<HttpRequest> = {}, options: NetworkOptions = {}): Promise<unknown> {
  const transport = networkTransport({ ...DIRECT, ...options });
  try {
    return await transport.send({ method: 'GET', url, headers: {}, timeout: 5000, ...given });
  } catch (error) {
    return error;
  } finally {
    await transport.close();
  }
}

describe('the default transport', () => {
  test('sends what it is given, and gives answers of any status', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      request.on('data', (data: Buffer) =>
        seen.push(`${String(request.method)} ${String(request.headers['x-a'])} ${data.toString()}`),
      );
      request.on('end', () => response.writeHead(409, { 'x-b': ['1', '2'] }).end('{"é":1}'));
    });
    const answer = await send(url, { method: 'POST', headers: { 'x-a': 'a' }, body: '{"ü":2}' });
    expect(seen).toEqual(['POST a {"ü":2}']);
    expect(answer).toMatchObject({ status: 409, body: '{"é":1}', headers: { 'x-b': '1, 2' } });
  });

  test('follows no redirect: a token would go with it', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    expect(await send(url)).toMatchObject({ status: 302 });
  });

  test('a connection that is refused was not sent', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    expect(await send(url)).toMatchObject({ name: 'TransportError', kind: 'refused', sent: false });
  });

  test.each([
    ['before an answer', (_request: IncomingMessage, response: ServerResponse) => response.destroy()],
    [
      'in the middle of an answer',
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '9' });
        response.write('abc', () => response.destroy());
      },
    ],
  ])('a connection that breaks %s may have had its effect', async (_what, answer) => {
    expect(await send(await serve(answer))).toMatchObject({ kind: 'network', sent: true });
  });

  test.each([
    ['no headers', () => undefined],
    ['no end', (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(200).write('a')],
    [
      'one byte after the other',
      (_request: IncomingMessage, response: ServerResponse) => {
        const timer = setInterval(() => response.write('a'), 20);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s: the time-out is for the whole answer', async (_what, answer) => {
    expect(await send(await serve(answer), { timeout: 200 })).toMatchObject({ kind: 'timeout', sent: true });
  });

  test('is stopped by a signal', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort());
    expect(await send(url, { signal: stop.signal })).toMatchObject({ kind: 'aborted' });
  });

  test('an answer without bounds is cut off', async () => {
    const url = await serve((_request, response) => response.end('x'.repeat(2000)));
    expect(await send(url, {}, { maxBytes: 1000 })).toMatchObject({ kind: 'network', sent: true });
  });

  test('a name that is none, and a URL that is none', async () => {
    expect(await send('http://nobody.invalid/')).toMatchObject({ sent: false });
    expect(await send('nonsense')).toMatchObject({ kind: 'unknown-host', sent: false });
  });

  test('asks through a proxy, but for the hosts that need none', async () => {
    const asked: string[] = [];
    const proxy = await serve((request, response) => {
      asked.push(String(request.url));
      response.end('by proxy');
    });
    const options = { httpProxy: proxy, noProxy: 'near.test' };
    expect(await send('http://far.test/x', {}, options)).toMatchObject({ body: 'by proxy' });
    expect(await send('http://near.test/x', {}, options)).toMatchObject({ sent: false });
    expect(asked).toEqual(['http://far.test/x']);
  });

  test('speaks TLS through a proxy’s tunnel', async () => {
    const tunnels: string[] = [];
    const proxy = await serve((_request, response) => response.end());
    servers[0]!.on('connect', (request: IncomingMessage, socket: Socket) => {
      tunnels.push(String(request.url));
      const [host = '', port = ''] = new URL(proxy).host.split(':');
      // The tunnel ends at a server that does not speak TLS, which is enough to see that one was made.
      const far = connectTcp(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(far).pipe(socket);
      });
      for (const end of [far, socket]) end.on('error', () => [far, socket].forEach((each) => each.destroy()));
    });
    await send('https://far.test/x', {}, { httpsProxy: proxy, noProxy: '' });
    expect(tunnels).toEqual(['far.test:443']);
  });
});
