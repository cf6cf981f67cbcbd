/** What is counted for a payload before any key exists, against payloads of real clusters with real keys. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, type Compilation } from '../../generator/compile.ts';
import { blueprintFiles } from '../../generator/host/blueprint-files.ts';
import { noProgress } from '../../generator/host/terminal.ts';
import { sealNode } from '../../generator/output/seal.ts';
import { choosePayload } from '../../generator/renderers/payload.ts';
import { fillFrom } from '../../generator/secrets/fill.ts';
import type { Hole } from '../../generator/secrets/holes.ts';
import { rotate } from '../../generator/secrets/rotation.ts';
import { specimensOf } from '../../generator/secrets/specimens.ts';
import type { Store } from '../../generator/secrets/store.ts';
import { issuingAt, must, storeOf } from '../support/secrets.ts';

/** Every value at its longest, in characters that compress no better than random ones. */
const entered = (specimen: (hole: Hole) => string | undefined, store: Store) => (hole: Hole) =>
  fillFrom(store)(hole) ?? specimen(hole)?.split('').reverse().join('');

describe.each(['openstack-lbaas', 'debian-ha', 'single-node'])('payloads of %s', (name) => {
  let compilation: Compilation;
  beforeAll(async () => {
    compilation = await compile(`blueprints/${name}.yaml`, blueprintFiles(), noProgress);
  });

  test('are never larger than their bound in any encoding, even while every CA changes, and not much smaller', async () => {
    const { secrets, nodes } = compilation;
    if (secrets === undefined) throw new Error('no secrets');
    const specimen = specimensOf(secrets);
    for (let round = 0; round < 3; round++) {
      let store = await storeOf(secrets);
      for (const { id } of [...secrets.cas, ...secrets.keyPairs])
        store = must(await rotate(secrets, store, id, 'introduce', issuingAt()));
      for (const rendered of nodes) {
        const { plan, renderer } = rendered;
        for (const encoding of renderer.encodings) {
          const choice = choosePayload(plan, { ...renderer, encodings: [encoding] }, specimen, { limits: [], serving: undefined });
          const { payload } = sealNode({ ...rendered, payload: choice }, entered(specimen, store));
          const size = payload?.bytes.length ?? 0;
          expect(size).toBeLessThanOrEqual(choice.upperBoundBytes);
          expect(size).toBeGreaterThan(choice.upperBoundBytes * 0.97 - 256);
        }
      }
    }
  }, 120_000);
});
