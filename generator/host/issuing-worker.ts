/** A worker thread's entry: issues what it is sent, one after the other, until it is ended. */
import { parentPort } from 'node:worker_threads';
import { issue, type CertificateRequest } from '../secrets/issue.ts';
import { keys } from './keys.ts';

parentPort?.on('message', (request: CertificateRequest) => {
  parentPort?.postMessage(issue(request, keys));
});
