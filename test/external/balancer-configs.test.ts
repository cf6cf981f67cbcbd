/**
 * haproxy's and keepalived's own checks of every configuration in the committed trees, by the programs of Debian 12 and 13;
 * and of what each must refuse.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goldens } from '../golden/trees.ts';
import { startLab, type Lab } from '../support/namespaces.ts';
import { run, type Run } from '../support/programs.ts';

/** A root folder with Debian 13's programs, in which they run. */
const ROOT_13 = process.env['TRISKEL_BALANCERS_13'] ?? '';

/** Files of that name in all committed trees. */
function committed(name: string): { title: string; text: string }[] {
  return goldens().flatMap(({ folder }) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => basename(path) === name)
      .sort()
      .map((path) => ({ title: join(folder, path), text: readFileSync(join(folder, path), 'utf8') })),
  );
}

const haproxies = committed('haproxy.cfg');
const keepaliveds = committed('keepalived.conf');

describe.each([
  ['Debian 12', '/'],
  ['Debian 13 (TRISKEL_BALANCERS_13 names its root)', ROOT_13],
])('the programs of %s', (debian, root) => {
  const present = root !== '';
  let folder: string;
  let lab: Lab;
  beforeAll(() => {
    if (!present) return;
    // keepalived looks whether the interface is there, and whether it is more than a loopback.
    lab = startLab(`bc${debian.slice(7, 9)}`, [{ name: 'cp0', cidr: '192.0.2.10/24' }]);
    mkdirSync(join(root, 'tmp'), { recursive: true });
    folder = mkdtempSync(join(root, 'tmp', 'triskel-balancers-'));
    cpSync('test/data/ca.pem', join(folder, 'ca.crt'));
  });
  afterAll(() => {
    if (!present) return;
    lab.stop();
    rmSync(folder, { recursive: true });
  });

  const inside = (path: string): string => (root === '/' ? path : path.slice(root.length));
  const runIn = (program: string, ...args: string[]): Run =>
    root === '/' ? run(program, args) : run('chroot', [root, program, ...args]);
  const runInHost = (line: string): Run => {
    const output = lab.hosts[0]?.run(`chroot ${root} ${line} 2>&1; echo "code $?"`) ?? '';
    return { code: Number(/code (\d+)\n$/.exec(output)?.[1]), output: output.replace(/code \d+\n$/, '') };
  };

  function haproxy(text: string): Run {
    const path = join(folder, 'haproxy.cfg');
    writeFileSync(path, text.replaceAll('/etc/haproxy/ca.crt', inside(join(folder, 'ca.crt'))));
    return runIn('/usr/sbin/haproxy', '-c', '-f', inside(path));
  }

  function keepalived(text: string): Run {
    const path = join(folder, 'keepalived.conf');
    const filled = text.replaceAll(/\$\{triskel:[^}]*\}/g, 'Aa1+/xyz').replaceAll('@INTERFACE@', 'eth0');
    // As the unit has it: Debian 12's test cannot do with a user of the scripts' own.
    writeFileSync(path, filled.replaceAll('script_user nobody', 'script_user root'), { mode: 0o600 });
    return runInHost(`/usr/sbin/keepalived --config-test --use-file=${inside(path)}`);
  }

  test.skipIf(!present).each(haproxies.map(({ title, text }) => [title, text] as const))(
    'haproxy takes %s',
    (_, text) => {
      const { code, output } = haproxy(text);
      expect(output).not.toMatch(/WARNING|ALERT/);
      expect(code).toBe(0);
    },
  );

  test.skipIf(!present).each(keepaliveds.map(({ title, text }) => [title, text] as const))(
    'keepalived takes %s',
    (_, text) => {
      expect(keepalived(text)).toEqual({ code: 0, output: '' });
    },
  );

  test.skipIf(!present)('haproxy refuses a word that it does not know, and a CA that is not there', () => {
    const text = haproxies.find((each) => each.text.includes('frontend apiserver'))?.text ?? '';
    expect(haproxy(text.replace('timeout tunnel', 'timeout tunnels')).code).not.toBe(0);
    expect(haproxy(text.replace('ca-file /etc/haproxy/ca.crt', 'ca-file /nowhere')).code).not.toBe(0);
    expect(haproxy(text.replace('nbsrv(apiserver)', 'nbsrv(apiservers)')).code).not.toBe(0);
  });

  test.skipIf(!present)('keepalived refuses a word that it does not know, and an interface that is not there', () => {
    const text = keepaliveds[0]?.text ?? '';
    expect(keepalived(text.replace('advert_int', 'advert_interval')).code).not.toBe(0);
    expect(keepalived(text.replace(/interface \S+/, 'interface nowhere0')).code).not.toBe(0);
    expect(keepalived(text.replace(/virtual_router_id \d+/, 'virtual_router_id 300')).code).not.toBe(0);
  });
});

test('there are such files', () => {
  expect(haproxies.length).toBeGreaterThan(5);
  expect(keepaliveds.length).toBeGreaterThan(5);
});
