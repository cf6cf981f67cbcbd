import { createServer as createTlsServer } from 'node:https';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that answers by path; it remembers what it was asked. */
export interface LocalServer {
  readonly url: string;
  /** `/path?query` of every request, in order. */
  readonly asked: string[];
  readonly requests: IncomingMessage[];
  readonly close: () => Promise<void>;
}

export type Route = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Starts a server on a free port of 127.0.0.1. What no route is for goes to the route `*`, or gets 404. `tls`: its key and
 * certificate, both PEM.
 */
export function serve(
  routes: Readonly<Record<string, Route | string | Uint8Array>>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<LocalServer> {
  const asked: string[] = [];
  const requests: IncomingMessage[] = [];
  const answer: Route = (request, response) => {
    asked.push(request.url ?? '');
    requests.push(request);
    const route = routes[request.url ?? ''] ?? routes[(request.url ?? '').split('?')[0] ?? ''] ?? routes['*'];
    if (route === undefined) response.writeHead(404).end('not here');
    else if (typeof route === 'function') route(request, response);
    else response.end(route);
  };
  const log = { asked, requests };
  return tls === undefined
    ? listen(createServer(answer), 'http', log)
    : listen(createTlsServer(tls, answer), 'https', log);
}

/** Any server of node:http or node:https, started on a free port of 127.0.0.1. */
function listen(
  server: Server,
  scheme: string,
  log: { asked: string[]; requests: IncomingMessage[] },
): Promise<LocalServer> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `${scheme}://127.0.0.1:${String(port)}`, ...log, close: () => stop(server) });
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
