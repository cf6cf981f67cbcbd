import { holeId, fillHoles, type Hole } from '../secrets/holes.ts';
import { mapTexts } from '../nodeplan/texts.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import type { Encoding, Renderer } from './renderer.ts';
import { filler } from './shared/filler.ts';

/** What a cloud takes as user-data. */
interface Limit {
  readonly limit: number;
  readonly unit: 'base64 characters' | 'bytes';
  /** The size that the cloud counts, of a payload of so many bytes. */
  readonly sizeOf: (bytes: number) => number;
}

/** Clouds with a limit on user-data. */
export type LimitName = 'openstack' | 'ec2';

/** Their limits, as data. */
export const limits: Readonly<Record<LimitName, Limit>> = {
  // nova/api/openstack/compute/schemas/servers.py: user_data, format base64, maxLength 65535.
  openstack: { limit: 65_535, unit: 'base64 characters', sizeOf: (bytes) => 4 * Math.ceil(bytes / 3) },
  // Amazon EC2 User Guide, "Run commands when you launch an EC2 instance": 16 KB in raw form, before base64.
  ec2: { limit: 16_384, unit: 'bytes', sizeOf: (bytes) => bytes },
};

/** A payload's size as one cloud counts it, at most. */
export interface Fit {
  readonly size: number;
  readonly limit: number;
  readonly fits: boolean;
}

/** How a payload is encoded, and how large it can be then. */
export interface PayloadChoice {
  readonly encoding: Encoding;
  /** No sealed payload of this plan in this encoding is larger. */
  readonly upperBoundBytes: number;
  readonly perLimit: Readonly<Record<LimitName, Fit>>;
}

/** For what a filler compresses better than a real value does: part of the whole, and a little more. */
const MARGIN = { part: 0.01, bytes: 128 };

/**
 * The smallest step of the ladder with which a node's payload fits into the limits that count for its cluster, decided
 * without any secret: holes are taken at their greatest length (`maxLength`, in characters; undefined: nothing fills the
 * hole). When no step fits, the last one is chosen, and `perLimit` says what it lacks.
 */
export function choosePayload(
  plan: NodePlan,
  renderer: Renderer,
  maxLength: (hole: Hole) => number | undefined,
  relevant: readonly LimitName[],
): PayloadChoice {
  const full = withFillers(plan, maxLength);
  const [first, ...further] = renderer.encodings;
  let choice = measured(full, renderer, first);
  for (const encoding of further) {
    if (relevant.every((name) => choice.perLimit[name].fits)) break;
    choice = measured(full, renderer, encoding);
  }
  return choice;
}

/** How large a payload of so many bytes is for each cloud. */
export function fitsOf(bytes: number): PayloadChoice['perLimit'] {
  const fit = ({ limit, sizeOf }: Limit): Fit => ({ size: sizeOf(bytes), limit, fits: sizeOf(bytes) <= limit });
  return { openstack: fit(limits.openstack), ec2: fit(limits.ec2) };
}

function measured(full: NodePlan, renderer: Renderer, encoding: Encoding): PayloadChoice {
  const bytes = renderer.sealed(full, encoding).length;
  const upperBoundBytes = Math.ceil(bytes * (1 + MARGIN.part)) + MARGIN.bytes;
  return { encoding, upperBoundBytes, perLimit: fitsOf(upperBoundBytes) };
}

/** The plan with each hole at its greatest length; one hole is one text, wherever it stands. */
function withFillers(plan: NodePlan, maxLength: (hole: Hole) => number | undefined): NodePlan {
  const known = new Map<string, string>();
  let used = 0;
  const fill = (hole: Hole): string | undefined => {
    const id = holeId(hole);
    const length = maxLength(hole);
    const text = known.get(id) ?? (length === undefined ? undefined : filler(used, length));
    if (text === undefined || known.has(id)) return text;
    known.set(id, text);
    used += text.length;
    return text;
  };
  return mapTexts(plan, (text) => fillHoles(text, fill, () => undefined));
}
