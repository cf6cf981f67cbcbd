import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../generator/diagnostics/catalog/index.ts';
import { blueprintOf, workplace } from '../support/triskel.ts';

const COMMANDS = [
  'init',
  'check',
  'generate',
  'diff',
  'iso',
  'secrets',
  'lab',
  'drill',
  'replace',
  'kubeconfig',
  'upgrade',
  'pin',
  'versions',
  'console',
  'explain',
];

describe('wrong usage', () => {
  test.each([
    [['genrate'], 'Did you mean generate?'],
    [['generate', '--chek'], 'Did you mean --check?'],
    [['diff'], "missing required argument 'blueprint'"],
    [['explain', 'a', 'b'], 'too many arguments'],
    [['upgrade', 'x.yaml', '--to', 'latest'], '"latest" is no version of Kubernetes such as 1.36.3'],
    [['init', '--os', 'plan9'], 'Allowed choices are flatcar, '],
    [['init'], 'init needs --name, --control-plane'],
    [['init', '--name', 'x', '--control-plane', '10.0.0.1,10.0.0.2'], 'init needs --endpoint'],
  ])('%j exits with 2 and says what is wrong', (args, text) => {
    const { code, out, err } = workplace().run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(text);
  });

  test('no command at all shows the commands', () => {
    const { code, err } = workplace().run();
    expect(code).toBe(2);
    for (const command of COMMANDS) expect(err).toContain(`\n  ${command} `);
  });
});

describe('help', () => {
  test.each(COMMANDS)('%s --help has examples and exits with 0', (command) => {
    const { code, out, err } = workplace().run(command, '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Usage: triskel ${command}`);
    expect(out).toMatch(/Examples:\n {2}\$ triskel /);
  });

  test('--version is that of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(workplace().run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('explain', () => {
  test.each([
    ['cluster/duplicate-name', 'Why: The name is host name'],
    ['review/two-etcd-members', '## Why it matters'],
  ])('%s', (code, text) => {
    const { code: exit, out } = workplace().run('explain', code);
    expect(exit).toBe(0);
    expect(out).toContain(`${code} (error)\n`);
    expect(out).toContain(text);
  });

  test('lists every code', () => {
    const { out } = workplace().run('explain');
    for (const code of Object.keys(catalog)) expect(out).toContain(`${code} `);
  });

  test('finds what was meant', () => {
    expect(workplace().run('explain', 'review/two-etcd-member').err).toContain(
      'Did you mean "review/two-etcd-members"?',
    );
    const { code, err } = workplace().run('explain', 'duplicate-name');
    expect(code).toBe(1);
    expect(err).toContain('Did you mean "cluster/duplicate-name"?');
  });
});

describe('output', () => {
  const broken = blueprintOf('demo', ['a', 'a']);

  test('colours are for terminals, unless they are asked for', () => {
    const place = workplace({ 'demo.yaml': broken });
    expect(place.run('check').err).not.toContain('\u001b');
    expect(place.runWith({ FORCE_COLOR: '1' }, 'check').err).toContain('\u001b[');
    expect(place.runWith({ FORCE_COLOR: '1', NO_COLOR: '1' }, 'check').err).not.toContain('\u001b');
  });

  test('with --json, every line is an object and standard error is silent', () => {
    const place = workplace({ 'demo.yaml': broken, 'good.yaml': blueprintOf('good', ['a']) });
    const { code, out, err } = place.run('check', '--json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const told = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([
      { ok: false, blueprint: 'blueprints/demo.yaml' },
      { ok: true, blueprint: 'blueprints/good.yaml', cluster: 'good', nodes: 1 },
    ]);
    expect(told[0]?.['diagnostics']).toMatchObject([
      {
        code: 'cluster/duplicate-name',
        severity: 'error',
        places: [
          { file: 'blueprints/demo.yaml', line: 9, column: 13, endLine: 9, endColumn: 14, path: 'nodes[1].name' },
          { file: 'blueprints/demo.yaml', line: 8, column: 13, note: 'first used here' },
        ],
      },
    ]);
  });

  test('a reader that stops reading is no error', async () => {
    const place = workplace();
    const child = spawn('sh', ['-c', `"$0" "$1" explain | head -n 1; sleep 0.2`, process.execPath, 'dist/main.js']);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await once(child, 'close');
    expect(err).toBe('');
    expect(place.run('explain').code).toBe(0);
  });
});

describe('what is not there', () => {
  test('no blueprint at all', () => {
    const { code, err } = workplace().run('generate');
    expect(code).toBe(1);
    expect(err).toContain('there is no blueprint in blueprints/');
    expect(err).toContain('[cli/no-blueprints]');
  });

  test('a misspelt file', () => {
    const { code, err } = workplace({ 'demo.yaml': blueprintOf('demo', ['a']) }).run('check', 'blueprints/dmeo.yaml');
    expect(code).toBe(1);
    expect(err).toContain(
      'blueprints/dmeo.yaml: error: there is no such file. Did you mean "demo.yaml"? [parse/unreadable]',
    );
  });

  test.each([
    ['a folder', 'blueprints', 'it is a folder'],
    ['what is not text', 'binary.yaml', 'the file is not UTF-8 text'],
    ['what is too large', 'large.yaml', 'the file has more than 10 MiB'],
  ])('%s in place of a blueprint', async (_what, file, text) => {
    const place = workplace({ 'demo.yaml': blueprintOf('demo', ['a']) });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(place.path('binary.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
    writeFileSync(place.path('large.yaml'), '#'.repeat(10 * 1024 * 1024 + 1));
    const { code, err } = place.run('generate', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}: error: ${text}`);
  });

  test('only YAML files of ours are taken from blueprints/', () => {
    const place = workplace({
      'demo.yaml': blueprintOf('demo', ['a'], 'extends: [fragments/pods.yaml]\n'),
      'demo.pins.yaml': 'downloads: {}\n',
      'fragments/pods.yaml': 'network: { pods: 10.99.0.0/16 }\n',
      'values.yaml': 'replicas: 3\n',
      'readme.md': 'apiVersion: triskel/v1\n',
    });
    const { code, out } = place.run('check');
    expect(code).toBe(0);
    const [good, size, largest, ...rest] = out.split('\n');
    expect(good).toBe('demo: blueprints/demo.yaml is good: 1 node');
    expect(size).toMatch(/^ {2}1 × control-plane, worker on debian 13 amd64: at most \d+ bytes, plain$/);
    expect(largest).toMatch(/^ {4}largest: \d+ files with keys and certificates \d+ bytes, \/.* bytes$/);
    expect(rest).toEqual(['']);
  });
});

describe('a fault of our own', () => {
  const mistake = `Array.prototype.flatMap = () => { throw new RangeError('boom'); }`;
  const broken = `data:text/javascript,${encodeURIComponent(mistake)}`;

  test('is said to be ours, without a stack, and exits with 70', () => {
    const place = workplace({ 'demo.yaml': blueprintOf('demo', ['a']) });
    const { code, out, err } = place.runWith({ NODE_OPTIONS: `--import=${broken}` }, 'check', '--json');
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toContain('This is a fault of Triskel, not yours: RangeError: boom\nPlease report it');
    expect(err).not.toContain('    at ');
  });

  test('shows where it happened when it is asked', () => {
    const place = workplace({ 'demo.yaml': blueprintOf('demo', ['a']) });
    const { code, err } = place.runWith({ NODE_OPTIONS: `--import=${broken}`, TRISKEL_DEBUG: '1' }, 'check', '--json');
    expect(code).toBe(70);
    expect(err).toMatch(/\n {4}at .*\.js:\d+/);
  });
});
