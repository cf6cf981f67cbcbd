/** k3s' own folder of state (docs.k3s.io, `--data-dir`). */
export const DATA = '/var/lib/rancher/k3s';
/** What a server starts from. */
export const SERVER = `${DATA}/server`;
/** A disk of etcd's own is mounted here; the data are in `etcd` within it (k3s, pkg/etcd: DBDir). */
export const DATABASE = `${SERVER}/db`;
/** Configuration, read with the drop-ins of config.yaml.d in alphabetical order. */
export const CONFIG = '/etc/rancher/k3s/config.yaml';
/** Written by `k3s-decide` at every start: whether this server begins the cluster, or whom it joins. */
export const DECISION = '/etc/rancher/k3s/config.yaml.d/90-triskel-start.yaml';
/** CAs, keys and tokens as the payload brought them; k3s' own copies are in its state, and change there. */
export const SEEDS = '/etc/triskel/k3s';
/** The CA by which servers are known, alone in its file: the token's hash is that of the file (docs.k3s.io, "token"). */
export const SERVER_CA = `${SEEDS}/tls/server-ca.crt`;
/** The token with the CA's hash before it, made at every start. */
export const TOKEN = '/run/triskel/k3s-token';
/** Where the kubelet finds the machine's resolvers. */
export const RESOLV_CONF = '/run/triskel/resolv.conf';
/** The kubelet's static pods (k3s, pkg/cli/agent: PodManifests). */
export const STATIC_PODS = `${DATA}/agent/pod-manifests`;
