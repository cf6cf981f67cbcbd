/** What every server of the cluster demands of its clients' TLS. */
export const TLS_MIN_VERSION = 'VersionTLS12';

/**
 * The TLS 1.2 suites with forward secrecy and authenticated encryption; TLS 1.3's own cannot be chosen in Go.
 * Names as in Go's crypto/tls, which kube-apiserver, the kubelet and etcd share.
 */
export const TLS_CIPHER_SUITES = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
] as const;
