import { cloudInit } from './cloud-init.ts';
import { ignition } from './ignition.ts';
import type { Renderer } from './renderer.ts';

const renderers: Readonly<Record<Renderer['format'], Renderer>> = { ignition, 'cloud-init': cloudInit };

/** The renderer of a platform's first-boot format. */
export function rendererFor(format: Renderer['format']): Renderer {
  return renderers[format];
}
