/**
 * What a cloud answered, in a form in which two clouds can be compared: ids are named in the order in which they appear, what
 * differs from run to run (dates, hosts, MAC addresses, addresses that a cloud chose) is named by its kind, everything else
 * stands as it came.
 */
import type { HttpAnswer, HttpRequest, Transport } from 'openstack-client-lite';

/** One call and its answer. */
export interface Exchange {
  readonly call: string;
  readonly status: number;
  readonly answer?: unknown;
}

export interface Recorder {
  /** Passes everything on, and writes down what is not silent. */
  readonly transport: Transport;
  readonly exchanges: Exchange[];
  /** What happens meanwhile is not written down: polls, whose number is chance. */
  readonly silently: <T>(act: () => Promise<T>) => Promise<T>;
}

/** `origins`: where each service is, longest first: `http://127.0.0.1:9696`. Ports stand for services. */
export function recorder(transport: Transport): Recorder {
  const names = naming();
  const exchanges: Exchange[] = [];
  let silent = 0;
  return {
    exchanges,
    transport: async (request) => {
      const answer = await transport(request);
      if (silent === 0) exchanges.push(written(request, answer, names));
      return answer;
    },
    silently: async (act) => {
      silent++;
      try {
        return await act();
      } finally {
        silent--;
      }
    },
  };
}

function written(request: HttpRequest, answer: HttpAnswer, names: Naming): Exchange {
  const call = `${request.method} ${String(names.replace(request.url, ''))}`;
  const body = answer.body === '' ? {} : { answer: names.replace(jsonOr(answer.body), '') };
  return { call, status: answer.status, ...body };
}

function jsonOr(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

interface Naming {
  readonly replace: (value: unknown, key: string) => unknown;
}

/** Keys whose values are chance. */
const CHANCE: Readonly<Record<string, string>> = {
  hostId: 'host',
  fingerprint: 'fingerprint',
  secret: 'secret',
  mac_address: 'mac',
  mac_addr: 'mac',
  'OS-EXT-IPS-MAC:mac_addr': 'mac',
};

/** What nobody here reads, and what links repeat. */
const UNREAD = new RegExp(
  `^(${[
    'links|.*_links|first|schema|schemas|self|file|tenant_id|revision_number|audit_ids|catalog|password_expires_at|options|is_domain|system',
    'availability_zones|ipv[46]_address_scope|is_default|standard_attr_id|belongs_to_default_sg|normalized_cidr',
    'remote_address_group_id|subnetpool_id|service_types|extra_dhcp_opts|port_details|vlan_transparent|user_id',
    'OS-DCF:diskConfig|adminPass|OS-SRV-USG:.*|accessIPv[46]|locked|locked_reason|trusted_image_certificates',
    'OS-EXT-SRV-ATTR:hostname|OS-EXT-STS:power_state|progress|OS-FLV-DISABLED:disabled|rxtx_factor|swap|hosts|rate',
    'consistencygroup_id|replication_status|service_uuid|shared_targets|snapshot_id|source_volid|group_id',
    'volume_image_metadata|os-vol-tenant-attr:tenant_id|attached_at|host_name|bdm_uuid|attachment_id|os-volume-type-access:is_public',
    'additional_vips|vip_qos_policy_id|vip_sg_ids|.*vnic_type|tls_.*|alpn_protocols|hsts_.*|.*_container_ref.*|client_authentication',
    'insert_headers|l7policies|deleted|deleted_at|created|issued_at',
    'owner_specified.*|os_hidden|os_hash_.*|checksum|stores|virtual_size|protected|retryAfter|updated|updated_at|debuginfo',
  ].join('|')})$`,
);

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b/g;
const DATE = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?/g;
/** Addresses of the outer network are the cloud's choice. */
const OUTER = /203\.0\.113\.\d+(?!\d*\/)/g;

function naming(): Naming {
  const known = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = known.get(id) ?? `<${String(known.size + 1)}>`;
    known.set(id, name);
    return name;
  };
  const placeOf = (value: unknown): number => {
    const [id = ''] = JSON.stringify(value).match(ID) ?? [];
    return Number(known.get(id)?.slice(1, -1) ?? known.size + 1);
  };
  const text = (value: string): string =>
    value
      .replace(/req-[0-9a-f-]{36}/g, '<request>')
      // Octavia tells them in the order of a set.
      .replace(/(?<=should be one of: ).*/, (words) => words.split(', ').sort().join(', '))
      .replace(DATE, '<date>')
      .replace(OUTER, '<address>')
      .replace(ID, (id) => nameOf(id));
  const replace = (value: unknown, key: string): unknown => {
    if (typeof value === 'string' && value.length > 400) return `<${String(value.length)} characters>`;
    const chance = CHANCE[key];
    if (chance !== undefined && value !== null && value !== '') return `<${chance}>`;
    if (typeof value === 'string') return text(value);
    // In an order that does not hang on ids, for these are named as they come; what nothing else tells apart, by the names that it has.
    if (Array.isArray(value))
      return value.toSorted((a, b) => byBareText(a, b) || placeOf(a) - placeOf(b)).map((each) => replace(each, key));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value)
      .filter(([name, each]) => !UNREAD.test(name) && !(name === 'id' && typeof each === 'number'))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, each]) => [name, replace(each, name)]));
  };
  return { replace };
}

/** By what is left without ids, dates and what else is chance. */
function byBareText(left: unknown, right: unknown): number {
  const [a, b] = [bareText(left), bareText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function bareText(value: unknown): string {
  const sorted = (_key: string, each: unknown): unknown =>
    each === null || typeof each !== 'object' || Array.isArray(each)
      ? each
      : Object.fromEntries(
          Object.entries(each)
            .filter(([name]) => !UNREAD.test(name) && CHANCE[name] === undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        );
  return JSON.stringify(value, sorted).replace(ID, '').replace(DATE, '');
}
