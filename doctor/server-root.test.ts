import { expect, it } from 'vitest';
import { serverRoot } from './server-root.ts';

it.each([
  ['https://rooms.example', 'https://rooms.example/'],
  ['https://rooms.example/chat', 'https://rooms.example/chat/'],
  ['https://rooms.example/chat/doctor?full#x', 'https://rooms.example/chat/'],
  ['http://localhost:3000/multiplex', 'http://localhost:3000/'],
  ['http://ann:secret@localhost:3000/?token=secret', 'http://localhost:3000/'],
])('of %s is %s', (url, root) => {
  expect(serverRoot(url).href).toBe(root);
});

it.each(['nonsense', 'ftp://rooms.example/'])('of %s there is none', (url) => {
  expect(() => serverRoot(url)).toThrow(TypeError);
});
