/**
 * What haproxy and keepalived see of an API server, over real TLS: /readyz follows the file `unready`, /who says which one
 * it is, /watch answers one line and then nothing for the seconds that ?silent= names, then another.
 * node api-server.mjs NAME ADDRESS PORT CERT KEY FOLDER
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { argv } from 'node:process';
import { setTimeout } from 'node:timers';
import { URL } from 'node:url';

const [name, address, port, cert, key, folder] = argv.slice(2);

createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'https://kubernetes');
  if (pathname === '/readyz') {
    const unready = existsSync(`${folder}/unready`);
    response.writeHead(unready ? 503 : 200).end(unready ? 'etcd failed' : 'ok');
  } else if (pathname === '/watch') {
    response.write(`${name}\n`);
    setTimeout(() => response.end('event\n'), Number(searchParams.get('silent')) * 1000);
  } else response.end(`${name}\n`);
}).listen(Number(port), address);
