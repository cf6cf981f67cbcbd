/** Labels below kubernetes.io and k8s.io that a kubelet may give itself: k8s.io/kubelet/pkg/apis well_known_labels.go. */
const OWN_LABELS = ['kubelet.kubernetes.io', 'node.kubernetes.io'];
const OWN_LABEL_NAMES = [
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
];

/** True for labels that a kubelet may give its own node; with any other below kubernetes.io it does not start. */
export function mayLabel(label: string): boolean {
  const prefix = label.includes('/') ? label.slice(0, label.indexOf('/')) : '';
  const within = (domain: string): boolean => prefix === domain || prefix.endsWith(`.${domain}`);
  if (!within('kubernetes.io') && !within('k8s.io')) return true;
  return OWN_LABELS.some(within) || OWN_LABEL_NAMES.includes(label);
}
