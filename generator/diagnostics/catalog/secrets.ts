import type { CatalogEntry } from './entry.ts';

export const secrets = {
  'secrets/store-access': {
    severity: 'error',
    summary: 'The secrets store and the identity file can be read and written.',
    why: 'Without them no key can be read or kept.',
    remedy: 'Check the path, its permissions and the room on the disk.',
  },
  'secrets/no-store': {
    severity: 'error',
    summary: 'What reads secrets needs the store that `triskel generate` makes.',
    why: 'There is nothing to show or to renew yet.',
    remedy: 'Run `triskel generate` first. If there was a store, get it back: its keys cannot be made again.',
  },
  'secrets/store-lost': {
    severity: 'error',
    summary: 'The store from which boot/ was sealed is still there.',
    why: 'New keys would be those of another cluster: no node that runs would trust them, and boot/ may be the last copy of the old ones.',
    remedy: 'Get the store back, from version control or a backup. For a new cluster, move boot/ away.',
  },
  'secrets/store-damaged': {
    severity: 'error',
    summary: 'The secrets store has the form that Triskel writes.',
    why: 'Keys that are half read would be replaced, and running nodes would trust none of the new ones.',
    remedy: 'Get the file back from version control or a backup. It was left as it is.',
  },
  'secrets/store-format': {
    severity: 'error',
    summary: 'The secrets store has a format that this version of Triskel reads.',
    why: 'What is not understood would be lost when the store is written again.',
    remedy: 'Use the version of Triskel that wrote the store, or a newer one. The file was left as it is.',
  },
  'secrets/store-changed': {
    severity: 'error',
    summary: 'Nobody else writes the secrets store at the same time.',
    why: 'Of two stores written at once, the keys of one would be lost.',
    remedy: 'Run the command again. The other’s store was left as it is.',
  },
  'secrets/other-cluster': {
    severity: 'error',
    summary: 'A secrets store serves the one cluster that it was made for.',
    why: 'Two clusters with the same CA trust each other’s administrators.',
    remedy: 'Give the blueprint its name back; or, for a new cluster, take the copied store away and generate again.',
  },
  'secrets/no-identity-opens': {
    severity: 'error',
    summary: 'The user’s age identity opens the secrets store.',
    why: 'Without the keys, payloads for the nodes cannot be made. The store and boot/ were left as they are.',
    remedy:
      'Point TRISKEL_IDENTITY at an identity that opens it. Or run `triskel secrets recipients`, which shows your recipient and makes an identity where there is none, and send it to somebody who can open the store: they add it to secrets.recipients and run `triskel secrets recipients --reencrypt`.',
  },
  'secrets/identity-damaged': {
    severity: 'error',
    summary: 'The identity file holds age X25519 identities, as age-keygen writes them.',
    why: 'No other kind of identity can be read: no passphrases, plugins or SSH keys.',
    remedy: 'Point TRISKEL_IDENTITY at a file with a line AGE-SECRET-KEY-1…',
  },
  'secrets/identity-exposed': {
    severity: 'warning',
    summary: 'Only its owner can read the identity file.',
    why: 'Whoever reads it can open every store that it is a recipient of.',
    remedy: 'Run `chmod 600` on it.',
  },
  'secrets/recipients-without-you': {
    severity: 'error',
    summary: 'The user’s own recipient is among secrets.recipients.',
    why: 'The store would be written so that its writer cannot open it again.',
    remedy: 'Add your own recipient, which the message names, to secrets.recipients.',
  },
  'secrets/invalid-recipient': {
    severity: 'error',
    summary: 'Every recipient is a whole age X25519 recipient.',
    why: 'A recipient with a wrong character is nobody’s, or somebody else’s.',
    remedy: 'Copy the recipient again, from the output of `triskel secrets recipients` or age-keygen.',
  },
  'secrets/unknown-name': {
    severity: 'error',
    summary: 'A secret is called by a name that this cluster has.',
    why: 'A value under a name that nothing reads would fill no hole.',
    remedy: '`triskel secrets list` shows every name.',
  },
  'secrets/generated-value': {
    severity: 'error',
    summary: 'What the generator makes at random is not entered by hand.',
    why: 'Nodes that run with the old value would no longer understand those with the new one.',
    remedy: 'Leave it to `triskel generate`.',
  },
  'secrets/invalid-value': {
    severity: 'error',
    summary: 'An entered value has the length and the characters that its places on the nodes can take.',
    why: 'The value stands in configuration files of several kinds; a quote or a line break would end its place there.',
    remedy: 'Enter a value of the length that is named, of letters, digits and the characters . _ ~ + / = : -',
  },
  'secrets/ca-differs': {
    severity: 'warning',
    summary: 'CAs and the service-account key are as the blueprint describes them.',
    why: 'They are kept nevertheless: running nodes trust the old ones alone, and a sudden change would cut them off.',
    remedy:
      'Change it in three steps that overlap (`triskel secrets renew --rotate <id> --stage introduce`, then switch, then retire); or with `--at-once` while no node has booted yet.',
  },
  'secrets/wrong-stage': {
    severity: 'error',
    summary: 'A CA changes in the order introduce, switch, retire.',
    why: 'Nodes would meet certificates of a CA that they do not trust yet, or no longer.',
    remedy: 'Take the step that the message names.',
  },
  'secrets/k3s-rotation': {
    severity: 'error',
    summary: 'A running k3s changes its CAs by its own command.',
    why: 'k3s keeps its CAs and the key of its tokens in etcd and refuses other files beside them.',
    remedy:
      'Follow docs/k3s.md, "Certificates and CAs": `k3s certificate rotate-ca` on a server. `--at-once` replaces them in the store, for a cluster that does not run.',
  },
  'secrets/expires-soon': {
    severity: 'warning',
    summary: 'Certificates are renewed well before they expire.',
    why: 'A cluster whose certificates have expired stops, and cannot be mended from within.',
    remedy:
      'Run `triskel secrets renew --all` and apply the bundles; for a CA, `triskel secrets renew --rotate <id> --stage introduce`.',
  },
  'secrets/expired': {
    severity: 'error',
    summary: 'No certificate of the cluster has expired.',
    why: 'Everything that meets the certificate refuses it.',
    remedy:
      'Run `triskel secrets renew --all`; for a CA, `triskel secrets renew --rotate <id> --at-once`; then apply the bundles.',
  },
} as const satisfies Record<string, CatalogEntry>;
