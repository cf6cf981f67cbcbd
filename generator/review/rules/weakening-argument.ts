import type { Rule } from '../rule.ts';
import page from './weakening-argument.md';

/** Flags that are a blueprint's to give, and values of them that take something away (kubernetes.io and etcd.io, references). */
const WEAKENING = [
  {
    program: 'kube-apiserver',
    flag: 'token-auth-file',
    weak: /./,
    text: 'tokens in a file never end, and are taken back only by a restart of every API server',
  },
  {
    program: 'kube-apiserver',
    flag: 'disable-admission-plugins',
    weak: /\b(NodeRestriction|ServiceAccount|PodSecurity|MutatingAdmissionWebhook|ValidatingAdmissionWebhook)\b/,
    text: 'what it takes out keeps nodes and pods within their rights',
  },
  {
    program: 'kube-apiserver',
    flag: 'service-account-lookup',
    weak: /^false$/,
    text: 'tokens of service accounts that were deleted stay valid',
  },
  {
    program: 'kube-apiserver',
    flag: 'tls-min-version',
    weak: /^VersionTLS1[01]$/,
    text: 'TLS 1.0 and 1.1 are broken (RFC 8996)',
  },
  {
    program: 'kube-controller-manager',
    flag: 'use-service-account-credentials',
    weak: /^false$/,
    text: 'every controller has the rights of all of them',
  },
  {
    program: 'etcd',
    flag: 'strict-reconfig-check',
    weak: /^false$/,
    text: 'a change of members may leave etcd without a quorum',
  },
  {
    program: 'etcd',
    flag: 'pre-vote',
    weak: /^false$/,
    text: 'a member that was cut off interrupts the leader when it comes back',
  },
] as const;

/** A flag of one’s own does not take away what keeps strangers out, or what keeps etcd whole. */
export const weakeningArgument: Rule = {
  code: 'review/weakening-argument',
  page,
  find: (cluster) =>
    WEAKENING.flatMap(({ program, flag, weak, text }) => {
      const given: unknown = cluster.options[program]?.extraArguments?.[flag];
      const values = (Array.isArray(given) ? given : given === undefined ? [] : [given]).map(String);
      if (!values.some((value) => weak.test(value))) return [];
      const message = `--${flag}=${values.join(',')} of ${program}: ${text}`;
      return [{ message, places: [{ path: ['components', program, 'extraArguments', flag], onKey: true }] }];
    }),
};
