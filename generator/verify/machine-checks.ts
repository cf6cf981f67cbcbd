import type { Question } from './checks.ts';
import type { Subject } from './subject.ts';
import { holdersVerdict, pacemakerVerdict, volumeVerdict, type Verdict } from './verdicts.ts';

/** Runs a command on a node, and gives its output; undefined: it is off. */
export type RunOn = (node: string, ...command: string[]) => Promise<string | undefined>;

/** What only the machines themselves know. Where nobody can run anything there it is not asked, and said how it is. */
export function machineQuestions(subject: Subject, run: RunOn | undefined): Question[] {
  const { virtualIps, pacemaker, volume } = subject;
  const on: RunOn = run ?? (() => Promise.resolve(undefined));
  const byHand = (where: string, command: string): string | undefined =>
    run === undefined ? `on ${where}: \`${command}\`` : undefined;
  return [
    ...virtualIps.map(({ address, holders }) => {
      // Without its family, ip filters the other one's addresses alone.
      const command = ['ip', address.includes(':') ? '-6' : '-4', '-brief', 'address', 'show', 'to', address];
      return {
        name: `one node holds ${address}`,
        unless: byHand(holders.join(', '), command.join(' ')),
        ask: async () => {
          const found = await Promise.all(holders.map((node) => on(node, ...command)));
          return holdersVerdict(holders.filter((_node, index) => (found[index] ?? '').includes(address)));
        },
      };
    }),
    ...(pacemaker.length === 0
      ? []
      : [
          {
            name: 'Pacemaker has all its nodes',
            unless: byHand(pacemaker[0] ?? '', 'sudo crm_mon --one-shot'),
            ask: () => firstOf(pacemaker, ['crm_mon', '--one-shot'], (output) => pacemakerVerdict(output, pacemaker)),
          },
        ]),
    ...(volume === undefined
      ? []
      : [
          {
            name: `the volume ${volume.name} is whole`,
            unless: byHand(volume.bricks[0]?.node ?? '', `sudo gluster volume heal ${volume.name} info summary`),
            ask: () =>
              firstOf(
                volume.bricks.map(({ node }) => node),
                ['gluster', 'volume', 'heal', volume.name, 'info', 'summary'],
                (output) => volumeVerdict(output, volume.bricks),
              ),
          },
        ]),
  ];

  /** What the first of the nodes says that is on. */
  async function firstOf(
    nodes: readonly string[],
    command: readonly string[],
    verdict: (output: string) => Verdict,
  ): Promise<Verdict> {
    for (const node of nodes) {
      const output = await on(node, ...command);
      if (output !== undefined) return verdict(output);
    }
    return { ok: false, found: 'all of its nodes are off' };
  }
}
