import type { LimitName } from '../cluster/cluster.ts';
import { fillHoles, type Hole } from '../secrets/holes.ts';
import { mapTexts } from '../nodeplan/texts.ts';
import type { NodePlan } from '../nodeplan/nodeplan.ts';
import { pointerText, UNKNOWN_SHA512, type Serving } from './pointer.ts';
import type { Encoding, Renderer, Step } from './renderer.ts';

/** What a cloud takes as user-data. */
interface Limit {
  readonly limit: number;
  readonly unit: 'base64 characters' | 'bytes';
  /** The size that the cloud counts, of a payload of so many bytes. */
  readonly sizeOf: (bytes: number) => number;
}

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

/** How a payload reaches its node, and how large it can be then. */
export interface PayloadChoice {
  readonly step: Step;
  /** No user data that is sealed from this plan by this step is larger. */
  readonly upperBoundBytes: number;
  readonly perLimit: Readonly<Record<LimitName, Fit>>;
  /** No payload that is served for it is larger; undefined: nothing is. */
  readonly servedBytes: number | undefined;
}

/** What decides over the step. */
export interface Room {
  readonly limits: readonly LimitName[];
  /** Undefined: nothing is served. */
  readonly serving: Serving | undefined;
}

/** For what a specimen compresses better than what fills its hole: part of the whole, and a little more. */
const MARGIN = { part: 0.01, bytes: 128 };

/**
 * The smallest step of the ladder with which a node's payload fits into the limits that count for its cluster, decided
 * without any secret: `specimen` stands for what fills a hole (undefined: nothing does). When no step fits, the last one is
 * chosen, and `perLimit` says what it lacks.
 */
export function choosePayload(
  plan: NodePlan,
  renderer: Renderer,
  specimen: (hole: Hole) => string | undefined,
  { limits: relevant, serving }: Room,
): PayloadChoice {
  const full = withSpecimens(plan, specimen);
  const inPlace = serving?.always === true ? [] : renderer.encodings;
  const steps: readonly (() => PayloadChoice)[] = [
    ...inPlace.map((encoding) => () => measured(full, renderer, encoding)),
    ...(serving === undefined ? [] : [() => pointed(full, renderer, serving)]),
  ];
  let choice: PayloadChoice | undefined;
  for (const step of steps) {
    choice = step();
    if (relevant.every((name) => choice?.perLimit[name].fits)) break;
  }
  if (choice === undefined) throw new Error(`${renderer.format} has no step`);
  return choice;
}

/** The plan as large as it can become. */
export function withSpecimens(plan: NodePlan, specimen: (hole: Hole) => string | undefined): NodePlan {
  return mapTexts(plan, (text) => fillHoles(text, specimen, () => undefined));
}

/** How large a payload of so many bytes is for each cloud. */
export function fitsOf(bytes: number): PayloadChoice['perLimit'] {
  const fit = ({ limit, sizeOf }: Limit): Fit => ({ size: sizeOf(bytes), limit, fits: sizeOf(bytes) <= limit });
  return { openstack: fit(limits.openstack), ec2: fit(limits.ec2) };
}

function measured(full: NodePlan, renderer: Renderer, encoding: Encoding): PayloadChoice {
  const upperBoundBytes = atMost(renderer.sealed(full, encoding).length);
  return { step: encoding, upperBoundBytes, perLimit: fitsOf(upperBoundBytes), servedBytes: undefined };
}

/** Of what is secret a pointer has a hash alone, in its place and in the name, and hashes are of one length. */
function pointed(full: NodePlan, renderer: Renderer, serving: Serving): PayloadChoice {
  const upperBoundBytes = Buffer.byteLength(pointerText(full, renderer, serving, UNKNOWN_SHA512));
  const servedBytes = atMost(renderer.served(full).length);
  return { step: 'pointer', upperBoundBytes, perLimit: fitsOf(upperBoundBytes), servedBytes };
}

function atMost(bytes: number): number {
  return Math.ceil(bytes * (1 + MARGIN.part)) + MARGIN.bytes;
}
