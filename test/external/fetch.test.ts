/** The script that fetches programs on the nodes, against a server of our own. */
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../generator/base/digests.ts';
import { serve, type LocalServer, type Route } from '../support/server.ts';
import { REPORT, run } from '../support/programs.ts';

const SCRIPTS = 'generator/platforms/shared';
const body = Buffer.from('#!/bin/sh\necho I am a program\n'.repeat(5000));
const sum = sha256(body);

let folder: string;
let bin: string;
let server: LocalServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triskel-fetch-'));
  bin = join(folder, 'opt/bin');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Runs the script with this list of downloads; the server runs beside it. */
function fetch(lines: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  const list = join(folder, 'downloads');
  writeFileSync(list, lines.map((line) => `${line}\n`).join(''));
  const args = [`${SCRIPTS}/fetch.sh`, list, join(folder, 'stamps'), join(folder, 'ca.pem')];
  const child = spawn('/bin/sh', args, { env: { ...process.env, ...REPORT, ...env } });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? 255, output }));
  });
}

/** Answers ranges, as release servers do. */
const ranged =
  (data: Buffer): Route =>
  (request, response) => {
    const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
    if (start === undefined) response.end(data);
    else if (Number(start) >= data.length) response.writeHead(416).end();
    else {
      const rest = data.subarray(Number(start));
      const range = `bytes ${start}-${String(data.length - 1)}/${String(data.length)}`;
      response.writeHead(206, { 'content-range': range, 'content-length': rest.length }).end(rest);
    }
  };

/** The next answers in turn, then the last for ever. */
const inTurn = (...routes: readonly Route[]): Route => {
  let next = 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    routes[Math.min(next, routes.length - 1)]?.(request, response);
    next += 1;
  };
};

describe('one file', () => {
  test('is fetched once, installed as a program, and left alone afterwards', async () => {
    server = await serve({ '/kubelet': ranged(body) });
    const line = `${sum} ${server.url}/kubelet ${bin}/kubelet -`;
    expect(await fetch([line])).toEqual({ code: 0, output: `installed ${bin}/kubelet\n` });
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
    expect(statSync(`${bin}/kubelet`).mode & 0o777).toBe(0o755);
    expect(readdirSync(bin)).toEqual(['kubelet']);
    expect(await fetch([line])).toEqual({ code: 0, output: '' });
    expect(server.asked).toEqual(['/kubelet']);
  });

  test('is fetched anew when something else lies there', async () => {
    server = await serve({ '/kubelet': ranged(body) });
    mkdirSync(bin, { recursive: true });
    writeFileSync(`${bin}/kubelet`, 'an older one');
    expect((await fetch([`${sum} ${server.url}/kubelet ${bin}/kubelet -`])).code).toBe(0);
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
  });

  test('with the wrong hash is never installed; the others are', async () => {
    server = await serve({ '/bad': 'something else', '/good': ranged(body) });
    const { code, output } = await fetch([
      `${sum} ${server.url}/bad ${bin}/bad -`,
      `${sum} ${server.url}/good ${bin}/good -`,
    ]);
    expect(code).toBe(1);
    expect(output).toContain(`download failed: not installed: ${server.url}/bad does not have the sha256 ${sum}\n`);
    expect(readdirSync(bin)).toEqual(['good']);
  });

  test('is tried again when the server fails, and every failure is said', async () => {
    const broken: Route = (_request, response) => response.writeHead(503).end();
    server = await serve({ '/kubelet': inTurn(broken, ranged(body)) });
    const { code, output } = await fetch([`${sum} ${server.url}/kubelet ${bin}/kubelet -`]);
    expect(code).toBe(0);
    expect(output).toContain(`download waiting: cannot fetch ${server.url}/kubelet, trying again: curl: (22)`);
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
  });

  test('that broke off is gone on with', async () => {
    const half: Route = (_request, response) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    };
    server = await serve({ '/kubelet': inTurn(half, ranged(body)) });
    expect((await fetch([`${sum} ${server.url}/kubelet ${bin}/kubelet -`])).code).toBe(0);
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ]);
  });

  test.each([
    ['does not fit', Buffer.from('rubbish')],
    ['is too long', Buffer.concat([body, body])],
  ])('of which an earlier try left what %s is fetched from the start', async (_title, left) => {
    server = await serve({ '/kubelet': ranged(body) });
    mkdirSync(bin, { recursive: true });
    writeFileSync(`${bin}/.triskel-${sum}`, left);
    const { code, output } = await fetch([`${sum} ${server.url}/kubelet ${bin}/kubelet -`]);
    expect(code).toBe(0);
    // Of a range behind the end, some versions of curl make an error and some do not.
    expect(output).toMatch(/does not fit; starting over|curl: \(22\)/);
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
  });

  test('from a server without ranges is fetched from the start', async () => {
    server = await serve({ '/kubelet': body });
    mkdirSync(bin, { recursive: true });
    writeFileSync(`${bin}/.triskel-${sum}`, body.subarray(0, 100));
    expect((await fetch([`${sum} ${server.url}/kubelet ${bin}/kubelet -`])).code).toBe(0);
    expect(readFileSync(`${bin}/kubelet`)).toEqual(body);
  });

  test('is asked of the proxy', async () => {
    server = await serve({ 'http://dl.example.org/kubelet': ranged(body) });
    const { code } = await fetch([`${sum} http://dl.example.org/kubelet ${bin}/kubelet -`], { http_proxy: server.url });
    expect(code).toBe(0);
  });
});

describe('an archive', () => {
  function archive(): Buffer {
    const source = join(folder, 'source');
    mkdirSync(join(source, 'v1/bin'), { recursive: true });
    for (const name of ['bridge', 'bridge-2', 'loopback', 'unwanted'])
      writeFileSync(join(source, 'v1/bin', name), name);
    return execFileSync('tar', ['--create', '--gzip', '--directory', source, '.'], { maxBuffer: 1 << 24 });
  }

  test('gives the members that are asked for, without their folders', async () => {
    const data = archive();
    server = await serve({ '/cni.tgz': ranged(data) });
    const line = `${sha256(data)} ${server.url}/cni.tgz ${bin} bridge,loopback`;
    expect(await fetch([line])).toEqual({ code: 0, output: `installed bridge loopback in ${bin}\n` });
    expect(readdirSync(bin)).toEqual(['bridge', 'loopback']);
    expect(readFileSync(`${bin}/bridge`, 'utf8')).toBe('bridge');
    expect(statSync(`${bin}/bridge`).mode & 0o777).toBe(0o755);

    expect(await fetch([line])).toEqual({ code: 0, output: '' });
    expect(server.asked).toEqual(['/cni.tgz']);
    writeFileSync(`${bin}/bridge`, 'changed');
    expect((await fetch([line])).code).toBe(0);
    expect(readFileSync(`${bin}/bridge`, 'utf8')).toBe('bridge');
    expect((await fetch([`${line},bridge-2`])).code).toBe(0);
    expect(readdirSync(bin)).toEqual(['bridge', 'bridge-2', 'loopback']);
  });

  test('that lacks a member, or is none, is an error', async () => {
    const data = archive();
    server = await serve({ '/cni.tgz': ranged(data), '/text': ranged(body) });
    const { code, output } = await fetch([
      `${sha256(data)} ${server.url}/cni.tgz ${bin} bridge,nothing`,
      `${sum} ${server.url}/text ${bin} bridge`,
    ]);
    expect(code).toBe(1);
    expect(output).toContain(`not installed: ${server.url}/cni.tgz cannot be unpacked`);
    expect(output).toContain(`not installed: ${server.url}/text cannot be unpacked`);
    expect(readdirSync(bin).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});

test('a machine image is told what it lacks', () => {
  writeFileSync(join(folder, 'here'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'not-executable'), '');
  const check = (...programs: string[]): { code: number; output: string } => {
    writeFileSync(join(folder, 'programs'), programs.map((name) => `${folder}/${name}\n`).join(''));
    return run('/bin/sh', [`${SCRIPTS}/check-image.sh`, join(folder, 'programs')]);
  };
  expect(check('here')).toEqual({ code: 0, output: '' });
  expect(check('here', 'not-executable', 'missing')).toEqual({
    code: 1,
    output:
      'download failed: the machine image does not have these programs: ' +
      `${folder}/not-executable ${folder}/missing\n`,
  });
  expect(existsSync(join(folder, 'missing'))).toBe(false);
});
