/** The page of combinations: what a blueprint can name together, and why the rest is refused. */
import { groupBy } from '../../generator/base/order.ts';
import { combinations, outcomeOf, type Combination } from '../support/combinations.ts';
import { brokenLaws } from '../support/plan-laws.ts';

const INTRO = `# What goes with what

Every way in which the control plane runs, behind every endpoint, on every operating system and architecture that a blueprint can name.
A test compiles each of them, and writes this page: ✓ is generated, on amd64 and arm64 alike unless one is named, and a number is the
reason for a refusal, at the foot. What is generated is held against the real programs that read it.
`;

/** The codes that may refuse a combination, each with its reason in the message. Any other error is a mistake of ours. */
const REFUSALS = ['cluster/combination', 'plan/not-on-this-system'];

/** The page as Markdown. Throws where a combination fails for another reason than a refusal. */
export async function combinationsPage(): Promise<string> {
  const reasons: string[] = [];
  const cells = new Map<string, string>();
  for (const combination of combinations) {
    const outcome = await outcomeOf(combination);
    if ('ready' in outcome) {
      const broken = brokenLaws(outcome.ready);
      if (broken.length > 0) throw new Error(`${keyOf(combination)}: ${broken.join('; ')}`);
      cells.set(keyOf(combination), '✓');
      continue;
    }
    const others = outcome.refused.filter(({ code }) => !REFUSALS.includes(code));
    if (others.length > 0 || outcome.refused.length === 0)
      throw new Error(`${keyOf(combination)}: ${others.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);
    const numbers = [...new Set(outcome.refused.map(({ message }) => withoutNames(message)))].map((message) => {
      if (!reasons.includes(message)) reasons.push(message);
      return reasons.indexOf(message) + 1;
    });
    cells.set(keyOf(combination), numbers.join(', '));
  }
  const systems = [...new Set(combinations.map(({ os }) => os))];
  const sections = [...groupBy(combinations, ({ runs }) => runs)].map(([runs, ofRuns]) => {
    const rows = [...groupBy(ofRuns, ({ endpoint }) => endpoint)].map(([endpoint, ofEndpoint]) => {
      const row = systems.map((os) =>
        cellOf(
          ofEndpoint.filter((one) => one.os === os),
          cells,
        ),
      );
      return `| ${endpoint} | ${row.join(' | ')} |\n`;
    });
    const head = `| endpoint | ${systems.join(' | ')} |\n| --- | ${systems.map(() => '---').join(' | ')} |\n`;
    return `## ${runs}\n\n${head}${rows.join('')}`;
  });
  const list = reasons.map((reason, index) => `${String(index + 1)}. ${reason}\n`).join('');
  return [INTRO, ...sections, `## Reasons\n\n${list === '' ? 'Nothing is refused.\n' : list}`].join('\n');
}

function keyOf({ runs, endpoint, os, arch }: Combination): string {
  return `${runs}, ${endpoint}, ${os}, ${arch}`;
}

/** A reason holds for every node alike. */
function withoutNames(message: string): string {
  return message.replaceAll(/\b(cp[abc]|lb[01]|worker0)\b/g, 'a node');
}

/** One text where all architectures agree. */
function cellOf(ones: readonly Combination[], cells: ReadonlyMap<string, string>): string {
  const texts = ones.map((one) => ({ arch: one.arch, text: cells.get(keyOf(one)) ?? '' }));
  const [first] = texts;
  if (texts.every(({ text }) => text === first?.text)) return first?.text ?? '';
  return texts.map(({ arch, text }) => `${text} ${arch}`).join(', ');
}
