import { createHash, timingSafeEqual } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from '../http-exchange.ts';
import { jsonAnswer } from './api-answers.ts';

/** Who may use the broker's HTTP API. */
export class ApiAccess {
  readonly #key: Buffer | undefined;
  readonly #isNearOnly: boolean;

  /** `key`: what must stand behind `Bearer`. `isNearOnly`: without a key, only who asks from this machine. */
  constructor(key: string | undefined, isNearOnly: boolean) {
    this.#key = key === undefined ? undefined : digest(key);
    this.#isNearOnly = isNearOnly;
  }

  /** The answer to somebody who may not; `undefined` for one who may. */
  refusal(request: HttpRequest): HttpAnswer | undefined {
    if (this.#key !== undefined) {
      const [, key] = /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (key !== undefined && timingSafeEqual(digest(key), this.#key)) return undefined;
      return jsonAnswer({ error: 'the key is missing or wrong' }, 401, { 'WWW-Authenticate': 'Bearer' });
    }
    if (!this.#isNearOnly || isNear(request)) return undefined;
    return jsonAnswer({ error: 'without an ApiKey this API answers its own machine only' }, 403);
  }
}

/** Equal lengths for the constant-time comparison. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** What a proxy on this machine hands on comes from elsewhere. */
function isNear({ remoteAddress, headers }: HttpRequest): boolean {
  const isForwarded = FORWARDING.some((header) => headers[header] !== undefined);
  return LOOPBACK.test(remoteAddress) && !isForwarded;
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];
