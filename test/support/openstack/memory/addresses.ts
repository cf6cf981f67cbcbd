/** IPv4 addresses as numbers. */

const number = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

const text = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

const range = (cidr: string): readonly [number, number] => {
  const [base = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(number(base) / size) * size;
  return [first, first + size - 1];
};

export function isCidr(value: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(value);
}

export function addressIn(address: string, cidr: string): boolean {
  const [first, last] = range(cidr);
  return number(address) >= first && number(address) <= last;
}

export function overlaps(left: string, right: string): boolean {
  const [[a, b], [c, d]] = [range(left), range(right)];
  return a <= d && c <= b;
}

/** The first, the second and the last address that a host may have. */
export function firstAndLast(cidr: string): [string, string, string] {
  const [first, last] = range(cidr);
  return [text(first + 1), text(first + 2), text(last - 1)];
}

/** The first address of the pools that nobody has. */
export function freeAddress(pools: readonly { start: string; end: string }[], taken: readonly string[]): string {
  const used = new Set(taken);
  for (const { start, end } of pools)
    for (let value = number(start); value <= number(end); value++) if (!used.has(text(value))) return text(value);
  throw new Error('no address is left');
}
