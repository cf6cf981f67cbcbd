/** The script that reports, with a machine's files and systemd of our own making. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readReportLine, type Said } from '../../generator/boot-report/report-line.ts';
import { run, type Run } from '../support/programs.ts';

const SCRIPT = 'generator/platforms/shared/report.sh';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'triskel-report-'));
  write('proc/uptime', '1234.56 7890.12\n');
  write('proc/sys/kernel/random/boot_id', '3f2a91c0-1111-2222-3333-444455556666\n');
  write('sys/class/tty/console/active', 'ttyS0 hvc1 tty0\n');
  for (const tty of ['console', 'ttyS0', 'tty0']) write(`dev/${tty}`, '');
  write('bin/systemctl', '#!/bin/sh\nexit 1\n', 0o755);
  write('bin/sleep', '#!/bin/sh\nexit 0\n', 0o755);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), mode);
}

function report(...args: string[]): Run {
  const env = { TRISKEL_ROOT: root, PATH: `${root}/bin:${process.env['PATH'] ?? ''}` };
  return run('/bin/sh', [SCRIPT, ...args], { env });
}

/** What a run wrote, read by the reader. */
function said({ output }: Run): Said[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) => {
      const reading = readReportLine(line);
      if (typeof reading !== 'object') throw new Error(`no line of the report: ${line}`);
      return reading;
    });
}

const brief = (ran: Run): string[] => said(ran).map(({ phase, state, text }) => `${phase} ${state} ${text}`.trim());

describe('a line', () => {
  test('has the node, the boot and the time, and goes to the journal and to every console that is there', () => {
    const ran = report('etcd', 'waiting', 'for its peers');
    expect(said(ran)).toEqual([
      {
        node: run('uname', ['-n']).output.trim(),
        phase: 'etcd',
        state: 'waiting',
        fields: { boot: '3f2a91c0', up: '1234' },
        text: 'for its peers',
      },
    ]);
    // tty0 is what /dev/console leads to.
    expect(['console', 'ttyS0', 'tty0'].map((tty) => readFileSync(join(root, 'dev', tty), 'utf8'))).toEqual([
      ran.output,
      ran.output,
      '',
    ]);
  });

  test('is one line of plain text, whatever it is to say', () => {
    const [line] = said(report('addons', 'failed', `a "b"\n\u001b[31mc\tü %s \\n $(id) ${'x'.repeat(1000)}`));
    expect(line?.text).toMatch(/^a 'b' {2}\[31mc {4}%s \\n \$\(id\) x+$/);
    expect(line?.text).toHaveLength(400);
  });
});

describe('the check of the kernel', () => {
  const settings = (value: string): void => {
    write('etc/sysctl.d/90-triskel.conf', 'net.ipv4.ip_forward = 1\nvm.panic_on_oom = 0\n');
    write('proc/sys/net/ipv4/ip_forward', `${value}\n`);
    write('proc/sys/vm/panic_on_oom', '0\n');
  };

  test('is ok where every setting has its value', () => {
    settings('1');
    const ran = report('check');
    expect({ code: ran.code, said: brief(ran) }).toEqual({ code: 0, said: ['kernel ok'] });
  });

  test('fails where one has another value or is missing, and names it', () => {
    settings('0');
    rmSync(join(root, 'proc/sys/vm/panic_on_oom'));
    const ran = report('check');
    expect(ran.code).toBe(1);
    const words = 'nothing is started: net.ipv4.ip_forward is 0, not 1. vm.panic_on_oom is not there, not 0.';
    expect(brief(ran)).toEqual([`kernel failed ${words}`]);
  });

  test('fails where a module could not be loaded', () => {
    settings('1');
    write('bin/systemctl', '#!/bin/sh\n[ "$*" = "--quiet is-failed systemd-modules-load.service" ]\n', 0o755);
    const ran = report('check');
    expect(ran.code).toBe(1);
    expect(brief(ran)).toEqual(['kernel failed nothing is started: systemd-modules-load.service failed.']);
  });
});

describe('the watch', () => {
  /** Each unit's states, one a round; the last stays. */
  function units(states: Record<string, readonly string[]>): void {
    for (const [unit, list] of Object.entries(states)) write(`units/${unit}`, list.map((each) => `${each}\n`).join(''));
    const next = `file=${root}/units/$3
sed -n 1p "$file" | tr ' ' '\\n'
if [ "$(wc -l <"$file")" -gt 1 ]; then sed -i 1d "$file"; fi`;
    write('bin/systemctl', `#!/bin/sh\n${next}\n`, 0o755);
  }
  const active = 'ActiveState=active SubState=running Result=success ExecMainStatus=0 Job=0';
  const starting = 'ActiveState=activating SubState=start Result=success ExecMainStatus=0 Job=7';
  const queued = 'ActiveState=inactive SubState=dead Result=success ExecMainStatus=0 Job=7';
  const dead = 'ActiveState=inactive SubState=dead Result=success ExecMainStatus=0';
  const again = 'ActiveState=activating SubState=auto-restart Result=exit-code ExecMainStatus=7';
  const failed = 'ActiveState=failed SubState=failed Result=timeout ExecMainStatus=0';

  const watch = (phases: string): string[] => {
    write('etc/triskel/phases', phases);
    return said(report('watch')).map(({ phase, state, fields: { unit, result, exit, phases: all } }) =>
      [phase, state, unit, result, exit, all].filter((part) => part !== undefined).join(' '),
    );
  };

  test('tells what waits first, and everything that is done, until all is', () => {
    units({ 'a.service': [queued, starting, active], 'b.service': [queued, starting, starting, active] });
    expect(watch('download a.service\nruntime b.service\n')).toEqual([
      'node waiting kernel,download,runtime',
      'download waiting a.service',
      'download ok a.service',
      'runtime waiting b.service',
      'runtime ok b.service',
      'node ok',
    ]);
  });

  test('tells once of what fails again and again, and when it does not any more', () => {
    units({ 'a.service': [starting, again, starting, again, starting, active] });
    expect(watch('runtime a.service\n')).toEqual([
      'node waiting kernel,runtime',
      'runtime waiting a.service',
      'runtime failed a.service exit-code 7',
      'runtime ok a.service',
      'node ok',
    ]);
  });

  test('tells what failed, and what nobody is going to start because of it', () => {
    units({
      'a.service': [failed, failed, failed, failed, active],
      'b.service': [dead, dead, dead, dead, dead, active],
    });
    expect(watch('download a.service\nruntime b.service\n')).toEqual([
      'node waiting kernel,download,runtime',
      'download failed a.service timeout 0',
      'runtime failed b.service',
      'download ok a.service',
      'runtime ok b.service',
      'node ok',
    ]);
  });

  test('says so when its time is over, and goes on', () => {
    units({ 'a.service': [starting, starting, starting, active] });
    write('etc/triskel/phases', 'runtime a.service\n');
    expect(brief(report('watch', '0')).slice(1)).toEqual([
      'runtime waiting',
      'node failed not complete after 0 s, still watching: runtime (a.service)',
      'runtime ok',
      'node ok the boot is complete',
    ]);
  });
});
