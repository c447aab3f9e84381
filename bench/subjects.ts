import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WireName } from './wires.ts';

/** Where every subject listens. */
export const HOST = '127.0.0.1';

/** A server to be measured: how it is started and how it is spoken to. */
export interface Subject {
  readonly name: SubjectName;
  /** Arguments to `node`. The program listens on {@link HOST} and prints `listening on http://…:PORT`. */
  readonly program: readonly string[];
  /** The last argument, after which the name of an empty folder comes. */
  readonly folder?: string;
  readonly wire: WireName;
  readonly basePath: string;
}

export const SUBJECT_NAMES = [
  'ws-send',
  'ws-preframed',
  'kernel-floor',
  'socketio',
  'sockjs-multiplex',
  'roomplex',
  'roomplex-raw',
  'roomplex-durable',
] as const;

export type SubjectName = (typeof SUBJECT_NAMES)[number];

const PRODUCT = fileURLToPath(new URL('../dist/server/cli.js', import.meta.url));
const limits = ['--limit', 'all=0', '--limit', 'history=10000'];
const product = [PRODUCT, 'serve', '--host', HOST, '--port', '0', ...limits];
const inMemory = [...product, '--memory'];

export const SUBJECTS: readonly Subject[] = [
  { name: 'ws-send', program: [peer('ws-send')], wire: 'plain', basePath: '/' },
  { name: 'ws-preframed', program: [peer('ws-preframed')], wire: 'plain', basePath: '/' },
  ...floor(),
  { name: 'socketio', program: [peer('socketio')], wire: 'socketio', basePath: '/' },
  { name: 'sockjs-multiplex', program: [peer('sockjs-multiplex')], wire: 'sockjs', basePath: '/multiplex' },
  { name: 'roomplex', program: inMemory, wire: 'sockjs', basePath: '/multiplex' },
  { name: 'roomplex-raw', program: inMemory, wire: 'plain', basePath: '/multiplex' },
  { name: 'roomplex-durable', program: product, folder: '--data', wire: 'sockjs', basePath: '/multiplex' },
];

/** Only where the native addon could be built. */
function floor(): Subject[] {
  if (!existsSync(fileURLToPath(new URL('../dist/native/send-to-all.node', import.meta.url)))) return [];
  return [{ name: 'kernel-floor', program: [peer('kernel-floor')], wire: 'plain', basePath: '/' }];
}

/** The built product is there; it is measured as it ships. */
export function isProductBuilt(): boolean {
  return existsSync(PRODUCT);
}

// Plain JavaScript, so that no loader stands between Node and a peer.
function peer(name: string): string {
  return fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url));
}
