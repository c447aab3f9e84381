import type { SessionsDefinition } from './controller.ts';
import { MountableLibrary, type SessionLibrary } from './session-library.ts';

/**
 * A session controller and the functions that reach its sessions, ready for `createServer`'s option `services`.
 */
export interface Sessions extends SessionLibrary {
  readonly definition: SessionsDefinition;
  /**
   * For the server: from here on, the functions reach its sessions. Returns the function that ends that.
   *
   * @throws Error when they reach others.
   */
  mount(server: SessionLibrary): () => void;
}

/**
 * Makes a session controller. It can be mounted on one server, under one name, at a time.
 *
 *     const chat = defineSessions({
 *       get: (req) => (req.webSocket ? { webSocket: { groups: ['chat'] } } : { status: 404 }),
 *       webSocketEvent(event) {
 *         if (event.type === 'message') chat.sendToGroup('chat', event.message);
 *       },
 *     });
 *
 * @throws TypeError when `webSocketEvent` is missing or something is of the wrong type.
 */
export function defineSessions(definition: SessionsDefinition): Sessions {
  return bindSessions(definition, new MountableLibrary());
}

/** The same with a library that the controller has already. */
export function bindSessions(definition: SessionsDefinition, library: MountableLibrary): Sessions {
  check(definition);
  return Object.freeze({
    ...libraryFunctions(library),
    definition,
    mount: (server: SessionLibrary) => library.mount(server),
  });
}

/** The functions alone: what a script gets to see of its library. */
export function libraryFunctions(library: MountableLibrary): SessionLibrary {
  const { send, sendToGroup, addToGroup, removeFromGroup, getGroupSize, close } = library;
  return Object.freeze({ send, sendToGroup, addToGroup, removeFromGroup, getGroupSize, close });
}

/** True for what {@link defineSessions} made, by whatever copy of this package. */
export function isSessions(value: unknown): value is Sessions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'definition' in value &&
    'mount' in value &&
    typeof value.mount === 'function'
  );
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options', 'all', 'authenticate'] as const;

function check(definition: SessionsDefinition): void {
  if ((typeof definition !== 'object' && typeof definition !== 'function') || definition === null) {
    throw new TypeError('a session controller must be an object');
  }
  if (typeof definition.webSocketEvent !== 'function') {
    throw new TypeError('a session controller needs a function webSocketEvent');
  }
  for (const name of METHODS) {
    const value: unknown = definition[name];
    if (value !== undefined && typeof value !== 'function') throw new TypeError(`${name} must be a function`);
  }
  const { groups = 'own', idleMs = 0 } = definition;
  if (groups !== 'own' && groups !== 'shared') throw new TypeError("groups must be 'own' or 'shared'");
  if (typeof idleMs !== 'number' || !(idleMs >= 0))
    throw new TypeError('idleMs must be a number of ms, or 0');
}
