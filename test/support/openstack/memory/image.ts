/** Glance in memory, to read. */
import { Refusal, type Route } from './http.ts';
import { IMAGES } from './offers.ts';

export const imageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v2/images',
    run: ({ query }) => {
      const images = IMAGES.filter((image) =>
        [...query].every(([key, value]) => key === 'limit' || String(image[key]) === value),
      );
      return { status: 200, body: { images } };
    },
  },
  {
    method: 'GET',
    path: '/v2/images/*',
    run: ({ params: [id = ''] }) => {
      const found = IMAGES.find((image) => image['id'] === id);
      const message = `No image found with ID ${id}<br /><br />\n\n\n`;
      if (found === undefined) throw new Refusal(404, { code: '404 Not Found', message, title: 'Not Found' });
      return { status: 200, body: found };
    },
  },
];
