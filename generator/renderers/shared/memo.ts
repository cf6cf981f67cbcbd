export { memo } from '../../base/memo.ts';
