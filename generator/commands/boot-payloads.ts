import { sha256 } from '../base/digests.ts';
import { cloudFact } from '../clouds/openstack/cloud-facts.ts';
import type { Payload } from '../clouds/openstack/kinds/kind.ts';
import type { Key } from '../clouds/resource.ts';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { openHoles } from '../output/open-holes.ts';
import { sealNode } from '../output/seal.ts';
import { fillFrom } from '../secrets/fill.ts';
import { findHoles, holeId, type Hole } from '../secrets/holes.ts';
import type { Store } from '../secrets/store.ts';
import type { Ready } from './generation.ts';

/** Payloads that are sealed in memory, as soon as the cloud has told what they need. */
export interface Payloads {
  readonly payloadOf: (node: string) => Payload | undefined;
  /** Told of everything that the cloud has, as it becomes known. */
  readonly learn: (key: Key, facts: Readonly<Record<string, string>>) => void;
  /** Holes that neither the store nor the cloud fills. */
  readonly missing: () => readonly Missing[];
  /** With another store from now on; what is still missing then. */
  readonly refill: (store: Store) => readonly Diagnostic[];
}

interface Missing {
  /** `<name>/<part>` */
  readonly hole: string;
  readonly told: Diagnostic;
}

/** The payloads of a cluster from its store and from what the cloud tells. */
export function bootPayloads({ cluster, secrets, nodes }: Ready, store: Store): Payloads {
  const facts = new Map<Key, Readonly<Record<string, string>>>();
  let stored = fillFrom(store, secrets.caKeys);
  const ofCloud = new Set(
    secrets.values.filter(({ from }) => from === 'cloud').map(({ name, part }) => `${name}/${part}`),
  );
  const fill = (hole: Hole): string | undefined =>
    ofCloud.has(holeId(hole)) ? cloudFact(cluster, facts, hole) : stored(hole);
  const sealed = new Map<string, Payload>();
  const byName = new Map(nodes.map((rendered) => [rendered.node.name, rendered]));
  const missing = (): Missing[] =>
    openHoles(secrets, nodes).flatMap(({ id, what }) => {
      const [hole] = findHoles(`\${triskel:${id}}`);
      if (hole === undefined || ofCloud.has(id) || stored(hole) !== undefined) return [];
      return [{ hole: id, told: diagnostic('cloud/open-hole', `${id} is not in the store; ${what}`) }];
    });
  return {
    missing,
    refill: (other) => {
      stored = fillFrom(other, secrets.caKeys);
      sealed.clear();
      return missing().map(({ told }) => told);
    },
    learn: (key, told) => {
      facts.set(key, told);
      sealed.clear();
    },
    payloadOf: (node) => {
      const rendered = byName.get(node);
      const known = sealed.get(node);
      if (known !== undefined || rendered === undefined) return known;
      const { payload } = sealNode(rendered, fill);
      if (payload === undefined) return undefined;
      const made = { base64: Buffer.from(payload.bytes).toString('base64'), sha256: sha256(payload.bytes) };
      sealed.set(node, made);
      return made;
    },
  };
}
