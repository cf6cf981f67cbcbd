/**
 * The API of services and nodes as publish-services asks for it: over TLS, to clients with a certificate of the cluster's CA.
 * It answers with the files <FOLDER>/services.json and nodes.json, and notes who asked for what in <FOLDER>/asked.
 * node services-api.mjs ADDRESS PORT CERT KEY CA FOLDER
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { argv } from 'node:process';

const [address, port, cert, key, ca, folder] = argv.slice(2);
const tls = {
  cert: readFileSync(cert),
  key: readFileSync(key),
  ca: readFileSync(ca),
  requestCert: true,
  rejectUnauthorized: true,
};

createServer(tls, (request, response) => {
  appendFileSync(
    `${folder}/asked`,
    `${request.socket.getPeerCertificate().subject.CN} ${request.method} ${request.url}\n`,
  );
  const file = { '/api/v1/services': 'services.json', '/api/v1/nodes': 'nodes.json' }[request.url];
  if (file === undefined) response.writeHead(404).end();
  else response.end(readFileSync(`${folder}/${file}`));
}).listen(Number(port), address);
