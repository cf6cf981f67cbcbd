/** Its name: of the namespace, the objects and the service. */
export const NAME = 'prometheus';
/** Where it listens in its pod. */
export const PORT = 9090;
/** Where the pod finds prometheus.yml, rules.yml and web.yml. */
export const CONFIG = '/etc/prometheus/config';
/** Where the pod finds its certificate and key, and the CA of its clients. */
export const CERTIFICATES = '/etc/prometheus/certificates';
