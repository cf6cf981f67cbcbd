import { generateKeyPair } from 'node:crypto';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { KeyAlgorithm } from '../cluster/cluster.ts';
import { issue, type CertificateRequest, type Issued, type KeyPair } from '../secrets/issue.ts';
import type { Issuing } from '../secrets/making.ts';
import { keys, rsaOptions } from './keys.ts';

/** Beside the program when it is bundled; not there in development, where everything runs on the main thread. */
const workerFile = new URL('./worker.js', import.meta.url);

/** Issuing with this machine's clock, random numbers and cores. */
export function systemIssuing(now = new Date()): Issuing {
  return { now, issue: issueAll, makeKeyPair, randomBytes: keys.randomBytes };
}

/**
 * RSA keys take 0.1 to some seconds each and are made on all cores. An ECDSA certificate takes 0.3 ms, most of it under
 * locks of OpenSSL: threads were measured to gain nothing for 3,000 of them.
 */
async function issueAll(requests: readonly CertificateRequest[]): Promise<readonly Issued[]> {
  const threads = Math.min(availableParallelism(), requests.filter(({ algorithm }) => isRsa(algorithm)).length);
  if (threads < 2 || !existsSync(workerFile)) return requests.map((each) => issue(each, keys));
  return issueOnThreads(requests, threads);
}

/** Each thread gets the next request when it is done with one: RSA keys take very different times. */
async function issueOnThreads(requests: readonly CertificateRequest[], threads: number): Promise<Issued[]> {
  const results: Issued[] = new Array<Issued>(requests.length);
  const workers = Array.from({ length: threads }, () => new Worker(workerFile));
  let taken = 0;
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let index = -1;
      const next = (): void => {
        index = taken++;
        if (index >= requests.length) resolve();
        else worker.postMessage(requests[index]);
      };
      worker.on('error', reject);
      worker.on('message', (issued: Issued) => {
        results[index] = issued;
        next();
      });
      next();
    });
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** An RSA key is made on a thread of the runtime's own pool, beside whatever is being issued. */
async function makeKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  if (!isRsa(algorithm)) return keys.makeKeyPair(algorithm);
  const made = await promisify(generateKeyPair)('rsa', rsaOptions(algorithm));
  return { privateKey: made.privateKey.trimEnd(), publicKey: made.publicKey };
}

function isRsa(algorithm: KeyAlgorithm): boolean {
  return algorithm.startsWith('rsa');
}
