/**
 * A cloud's services once more at another loopback address, over TCP: every call goes through a transport that a test chooses, to
 * the real services or to the in-memory cloud, and fails on the way as the transport says. Programs are pointed at it by their
 * clouds.yaml, and find the services in the catalog, whose addresses are changed on the way back.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TransportError, type HttpAnswer, type HttpRequest, type Transport } from 'openstack-client-lite';

/** Keystone, Nova, Cinder, Glance, Neutron, Octavia, where both clouds have them. */
const PORTS = [5000, 8774, 8776, 9292, 9696, 9876];
const BEHIND = '127.0.0.1';
/** As long as the one behind it, so that no length changes with it. */
const HERE = '127.0.0.2';

export interface Front {
  /** clouds.yaml with `demo`, who gives up a call after so many seconds. */
  readonly cloudsText: string;
  readonly close: () => Promise<void>;
}

/** Listens until it is closed. `patience`: seconds. */
export async function front(transport: Transport, patience = 60): Promise<Front> {
  const servers = await Promise.all(PORTS.map((port) => listening(transport, port)));
  return {
    cloudsText: `clouds:
  demo:
    region_name: RegionOne
    api_timeout: ${String(patience)}
    auth:
      auth_url: http://${HERE}:5000/v3
      username: demo
      password: demo
      project_name: demo
      user_domain_name: Default
      project_domain_name: Default
`,
    close: async () => {
      await Promise.all(servers.map(closed));
    },
  };
}

function listening(transport: Transport, port: number): Promise<Server> {
  const server = createServer((incoming, response) => void pass(transport, port, incoming, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HERE, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function pass(
  transport: Transport,
  port: number,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await requestOf(incoming, port);
  let answer: HttpAnswer;
  try {
    answer = await transport(request);
  } catch (error) {
    // Of a time-out nothing is heard at all: whoever asks gives up.
    if (!(error instanceof TransportError && error.kind === 'timeout')) response.socket?.resetAndDestroy();
    return;
  }
  const { connection: _connection, 'transfer-encoding': _encoding, ...headers } = answer.headers;
  const own = Object.entries(headers).map(([name, value]) => [name, value.replaceAll(BEHIND, HERE)]);
  response.writeHead(answer.status, Object.fromEntries(own) as Record<string, string>);
  response.end(answer.body.replaceAll(BEHIND, HERE));
}

async function requestOf(incoming: IncomingMessage, port: number): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { host: _host, connection: _connection, 'content-length': _length, ...rest } = incoming.headers;
  const headers = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, [value].flat().join(', ')]));
  const body = Buffer.concat(chunks).toString();
  return {
    method: incoming.method ?? 'GET',
    url: `http://${BEHIND}:${String(port)}${incoming.url ?? '/'}`,
    headers,
    ...(body === '' ? {} : { body }),
    timeout: 60_000,
  };
}
