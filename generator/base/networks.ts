import { Address4, Address6 } from 'ip-address';

/** The IP families, as Kubernetes names them. */
export type Family = 'ipv4' | 'ipv6';

/** One IP address in its canonical text (RFC 5952 for IPv6), with its value for arithmetic and order. */
export interface Address {
  readonly family: Family;
  readonly text: string;
  readonly value: bigint;
}

/** One network in canonical text `address/prefix`, host bits zero; `first` and `last` are inclusive. */
export interface Network {
  readonly family: Family;
  readonly text: string;
  readonly prefix: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** An address without prefix or zone; undefined for anything else, leading zeros (`010.1.1.1`) included. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes('/') || text.includes('%')) return undefined;
  if (Address4.isValid(text)) return addressOf('ipv4', new Address4(text).bigInt());
  if (Address6.isValid(text)) return addressOf('ipv6', new Address6(text).bigInt());
  return undefined;
}

/** The address by which a machine speaks to itself. */
export function loopbackAddress(family: Family): string {
  return family === 'ipv4' ? '127.0.0.1' : '::1';
}

/** A network in CIDR notation; undefined when malformed or when host bits are set. */
export function parseNetwork(text: string): Network | undefined {
  const match = /^([^/%]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseAddress(match[1]);
  if (address === undefined) return undefined;
  const bits = bitsOf(address.family);
  const prefix = Number(match?.[2]);
  if (prefix > bits) return undefined;
  const size = 1n << BigInt(bits - prefix);
  if (address.value % size !== 0n) return undefined;
  const first = address.value;
  return { family: address.family, text: `${address.text}/${String(prefix)}`, prefix, first, last: first + size - 1n };
}

/** The address with this value; the caller keeps the value within the family's range. */
export function addressOf(family: Family, value: bigint): Address {
  const text = family === 'ipv4' ? Address4.fromBigInt(value).correctForm() : Address6.fromBigInt(value).correctForm();
  return { family, text, value };
}

/** The n-th address of a network, the network's own address being the 0th; undefined beyond its end. */
export function nthAddress(network: Network, n: number): Address | undefined {
  const value = network.first + BigInt(n);
  return value > network.last ? undefined : addressOf(network.family, value);
}

/** True when the address lies in the network; never across families. */
export function contains(network: Network, address: Address): boolean {
  return network.family === address.family && network.first <= address.value && address.value <= network.last;
}

/** True when the networks share an address. */
export function overlap(a: Network, b: Network): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}

/** `host:port` and `[v6]:port` taken apart; undefined when malformed or when the port is not 1 to 65535. */
export function parseHostPort(text: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: parseAddress(host)?.text ?? host, port };
}

/** A host name by RFC 1123, lower case, at most 253 characters. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(text);
}

function bitsOf(family: Family): number {
  return family === 'ipv4' ? 32 : 128;
}
