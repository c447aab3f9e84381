import type { SessionGrant } from '../../services/controller.ts';
import type { AdmissionRequest } from '../gateway.ts';

/** The terms of a session, checked and settled with its peer. */
export interface SettledGrant {
  readonly data: Readonly<Record<string, string>>;
  readonly subProtocol: string | undefined;
  readonly groups: readonly string[];
}

/** @throws TypeError when the controller gave something that cannot be meant. */
export function settle(grant: SessionGrant, asked: AdmissionRequest): SettledGrant {
  return {
    data: toData(grant.data),
    subProtocol: negotiate(grant.subProtocols, asked.subprotocols),
    groups: toGroups(grant.groups),
  };
}

/**
 * Whether the page may come: as the server thinks, unless the controller says by itself; a fault of its check
 * counts as a no (S3 §4.4).
 */
export function isWelcome({ checkOrigin }: SessionGrant, asked: AdmissionRequest): boolean {
  if (typeof checkOrigin !== 'function') return asked.isOriginAllowed;
  try {
    return checkOrigin(asked.origin) === true;
  } catch {
    return false;
  }
}

/** All strings (S3 §4.1). */
function toData(data: unknown): Readonly<Record<string, string>> {
  if (data === undefined || data === null) return NO_DATA;
  if (typeof data !== 'object' || Array.isArray(data))
    throw new TypeError('webSocket.data must be an object');
  const texts = Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
    const text = toText(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return Object.freeze(Object.fromEntries(texts));
}

const NO_DATA = Object.freeze({});

function toText(value: unknown): string | undefined {
  if (typeof value === 'object') return value === null ? undefined : JSON.stringify(value);
  if (typeof value === 'string') return value;
  const isPlain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint';
  return isPlain ? String(value) : undefined;
}

/** The first that the client would like, in its order, of those that the controller knows (S3 §4.3). */
function negotiate(known: SessionGrant['subProtocols'], offered: readonly string[]): string | undefined {
  const names = typeof known === 'string' ? [known] : (known ?? []);
  return offered.find((name) => names.includes(name));
}

function toGroups(groups: unknown): readonly string[] {
  if (groups === undefined || groups === null) return [];
  if (!Array.isArray(groups)) throw new TypeError('webSocket.groups must be an array of names');
  return groups.map(String);
}
