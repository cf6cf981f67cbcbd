import { expect, test } from 'vitest';
import { unitNameOfPath } from '../../generator/base/systemd.ts';

// What `systemd-escape --path --suffix=mount` says.
test.each([
  ['/var/lib/etcd', 'var-lib-etcd.mount'],
  ['/', '-.mount'],
  ['/a//b/', 'a-b.mount'],
  ['/a-b/.c', 'a\\x2db-.c.mount'],
  ['/.hid/x y', '\\x2ehid-x\\x20y.mount'],
  ['/ü/ä:b_c.d', '\\xc3\\xbc-\\xc3\\xa4:b_c.d.mount'],
  ['/a\\b', 'a\\x5cb.mount'],
])('the mount unit of %s is %s', (path, name) => {
  expect(unitNameOfPath(path, 'mount')).toBe(name);
});
