import { toYaml } from '../../base/yaml.ts';

/** Where the pod finds dashboards. */
export const DASHBOARDS = '/etc/grafana/dashboards';
/** Where it finds the certificate that it shows to Prometheus. */
export const CLIENT = '/etc/grafana/client';
/** The source's id, by which dashboards name it. */
export const SOURCE = 'prometheus';

/** What Grafana has from the start (grafana.com, "Provision Grafana"): its source, and where its dashboards lie. */
export function provisioning(sees: boolean): Record<string, string> {
  const host = 'prometheus.prometheus.svc';
  const source = {
    name: 'Prometheus',
    uid: SOURCE,
    type: 'prometheus',
    access: 'proxy',
    url: `https://${host}:9090`,
    isDefault: true,
    editable: false,
    jsonData: { httpMethod: 'POST', serverName: host, tlsAuth: true, tlsAuthWithCACert: true },
    secureJsonData: {
      tlsCACert: `$__file{${CLIENT}/ca.crt}`,
      tlsClientCert: `$__file{${CLIENT}/tls.crt}`,
      tlsClientKey: `$__file{${CLIENT}/tls.key}`,
    },
  };
  const provider = { name: 'cluster', type: 'file', allowUiUpdates: false, options: { path: DASHBOARDS } };
  return {
    'datasources.yaml': toYaml({ apiVersion: 1, datasources: sees ? [source] : [] }),
    'dashboards.yaml': toYaml({ apiVersion: 1, providers: [provider] }),
  };
}
