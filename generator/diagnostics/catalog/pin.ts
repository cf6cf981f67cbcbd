import type { CatalogEntry } from './entry.ts';

export const pin = {
  'pin/unpinned': {
    severity: 'error',
    summary: 'With --check: every download has a known hash and every image a digest.',
    why: 'A tag or a file that changes upstream would reach the nodes unseen.',
    remedy: 'Run `triskel pin <blueprint>` and commit the pins file.',
  },
  'pin/unwritable': {
    severity: 'error',
    summary: 'The pins file can be written.',
    why: 'What was looked up is lost, and the file is as it was.',
    remedy: 'Mend what the message says and run `triskel pin` again.',
  },
  'pin/invalid-ca': {
    severity: 'error',
    summary: 'The file that --ca names holds certificates in PEM.',
    why: 'Without them the servers behind your proxy or mirror cannot be told from others.',
    remedy: 'Name a file with one or more "-----BEGIN CERTIFICATE-----" blocks.',
  },
  'pin/no-answer': {
    severity: 'error',
    summary: 'The servers that hold downloads and images answer.',
    why: 'What cannot be looked up stays unpinned.',
    remedy: 'Check the network and the proxy (http_proxy, https_proxy, no_proxy), then run `triskel pin` again.',
  },
  'pin/refused': {
    severity: 'error',
    summary: 'The servers that hold downloads and images have what the blueprint names.',
    why: 'Nodes would fail on the same file or image at their first boot.',
    remedy: 'Check the version in the blueprint, and whether the mirror has the file or image.',
  },
  'pin/login-needed': {
    severity: 'error',
    summary: 'Images can be pulled without a login, by the nodes and by `triskel pin`.',
    why: 'Nodes get no registry password, so that they could not pull the image either.',
    remedy: 'Name a mirror under registries.mirrors that gives the image without a login.',
  },
  'pin/untrusted-certificate': {
    severity: 'error',
    summary: 'Servers show a certificate that is trusted.',
    why: 'Whoever stands between could choose what runs on the nodes.',
    remedy: 'Give the CA certificates of your proxy or mirror by --ca <file>, or as the mirror’s CA in the blueprint.',
  },
  'pin/unexpected-answer': {
    severity: 'error',
    summary: 'Servers answer with what was asked for, and with the bytes that their digest promises.',
    why: 'A page of a portal or a broken cache would be pinned in place of the real thing.',
    remedy: 'Open the URL by hand and see what stands between; then run `triskel pin` again.',
  },
  'pin/changed-file': {
    severity: 'error',
    summary: 'A release file keeps its hash for ever.',
    why: 'A file that changes under its version was replaced by somebody: upstream, a mirror, or an attacker.',
    remedy: 'Find out who changed it. If the change is right, run `triskel pin --all --update <blueprint>`.',
  },
  'pin/moved-tag': {
    severity: 'warning',
    summary: 'An image’s tag points at the digest that is pinned.',
    why: 'The image was built anew under its tag; nodes keep running the pinned one.',
    remedy: 'Run `triskel pin --update <blueprint>` to take the new image.',
  },
  'pin/unchecked': {
    severity: 'warning',
    summary: 'What is pinned already can be compared with its server.',
    why: 'The pin is kept, but nobody knows whether the tag still points at it.',
    remedy: 'Nothing needs to be done; run `triskel pin` again when the server answers.',
  },
  'pin/no-platform': {
    severity: 'error',
    summary: 'Every image exists for the architecture of the nodes that run it.',
    why: 'The container would fail on these nodes with "exec format error" or never be pulled.',
    remedy: 'Choose a version of the image that exists for the architecture, or nodes of another architecture.',
  },
} as const satisfies Record<string, CatalogEntry>;
