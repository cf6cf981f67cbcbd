/** What programs' answers mean: pure, from a text that came back to a verdict with its reason. */
import { counted } from '../base/counted.ts';

/** What was found, and whether that is as it should be. */
export interface Verdict {
  readonly ok: boolean;
  readonly found: string;
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Why an answer is of no use; undefined: it is what was asked for. */
export function refusal(path: string, { status, text }: Answer): string | undefined {
  if (status === 200) return undefined;
  // The operator's certificate has its rights by a ClusterRoleBinding of the add-ons.
  const hint = status === 403 ? ' (the add-ons give the operator’s certificate its rights: are they applied?)' : '';
  return `${path}: ${String(status)} ${firstLine(text)}`.trimEnd() + hint;
}

/** A health endpoint of Kubernetes' or etcd's, asked several times, each by a connection of its own. */
export function healthVerdict(path: string, answers: readonly (Answer | Error)[], well = 'ok'): Verdict {
  const isWell = (each: Answer | Error): boolean =>
    !(each instanceof Error) && each.status === 200 && each.text.trim() === well;
  const bad = answers.filter((each) => !isWell(each));
  const [first] = bad;
  if (first === undefined) return { ok: true, found: `${path}: ${well}${times(answers.length)}` };
  const why = first instanceof Error ? first.message : `${path}: ${String(first.status)} ${firstLine(first.text)}`;
  const share = answers.length === 1 ? '' : `${String(bad.length)} of ${counted(answers.length, 'connection')}: `;
  return { ok: false, found: `${share}${why}` };
}

/** etcd's members are the blueprint's, and all of them vote (etcdserverpb.MemberListResponse). */
export function membersVerdict(text: string, expected: readonly string[]): Verdict {
  const { members = [] } = JSON.parse(text) as { members?: readonly { name?: string; isLearner?: boolean }[] };
  const names = members.map(({ name = '' }) => (name === '' ? 'one that never started' : name));
  const missing = expected.filter((name) => !names.includes(name)).map((name) => `${name} is no member`);
  const strangers = names.filter((name) => !expected.includes(name)).map((name) => `${name} is not in the blueprint`);
  const learners = members.filter(({ isLearner }) => isLearner).map(({ name = '' }) => `${name} only learns`);
  const wrong = [...missing, ...strangers, ...learners];
  return { ok: wrong.length === 0, found: wrong.length === 0 ? names.sort().join(', ') : wrong.join(', ') };
}

/** One node, and no other, has a virtual IP. */
export function holdersVerdict(holders: readonly string[]): Verdict {
  const [only, ...others] = holders;
  return { ok: only !== undefined && others.length === 0, found: holders.join(' and ') || 'no node has it' };
}

/** `crm_mon --one-shot` on one of Pacemaker's nodes (ClusterLabs, "crm_mon(8)"): its partition, nodes and resources. */
export function pacemakerVerdict(output: string, expected: readonly string[]): Verdict {
  const online = /Online: \[ ([^\]]*)\]/.exec(output)?.[1]?.trim().split(/\s+/) ?? [];
  const missing = expected.filter((name) => !online.includes(name)).map((name) => `${name} is not online`);
  const quorum = output.includes('partition with quorum') ? [] : ['the partition has no quorum'];
  const failed = /^Failed .*Actions:\n((?: .*\n?)*)/m.exec(output)?.[1]?.trim().split('\n') ?? [];
  const wrong = [...quorum, ...missing, ...failed.map((line) => line.replace(/^\s*\*\s*/, ''))];
  return { ok: wrong.length === 0, found: wrong.length === 0 ? `online: ${online.join(', ')}` : wrong.join('; ') };
}

/** `gluster volume heal <volume> info summary` on a server (docs.gluster.org, "Heal info and split-brain"): a paragraph for each brick. */
export function volumeVerdict(output: string, bricks: readonly { node: string; host: string }[]): Verdict {
  const paragraphs = output.split(/\n\s*\n/);
  const wrong = bricks.flatMap(({ node, host }) => {
    const paragraph = paragraphs.find((each) => each.trimStart().startsWith(`Brick ${host}:/`));
    if (paragraph === undefined) return [`${node} has no brick`];
    const status = /^Status: (.*)$/m.exec(paragraph)?.[1] ?? 'unknown';
    if (status !== 'Connected') return [`${node}: ${status}`];
    const entries = Number(/^Total Number of entries: (\d+)$/m.exec(paragraph)?.[1]);
    return entries === 0 ? [] : [`${node}: ${String(entries)} files to heal`];
  });
  const found = wrong.length === 0 ? `on ${bricks.map(({ node }) => node).join(', ')}` : wrong.join('; ');
  return { ok: wrong.length === 0, found };
}

function times(count: number): string {
  return count === 1 ? '' : `, ${counted(count, 'connection')}`;
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 80);
}
