import type { IncomingMessage } from 'node:http';
import { forwardedHops } from './forwarding-headers.ts';
import type { ProxyTrust } from './proxy-trust.ts';
import { noteSender, peerOf } from './request-sender.ts';

/** Finds out who sent a request that came through proxies, as far as these are believed. */
export class TrustedProxies {
  readonly #trusts: ProxyTrust | undefined;

  /** `trusts`: whom to believe; `undefined`: nobody, whatever a request says. */
  constructor(trusts?: ProxyTrust) {
    this.#trusts = trusts;
  }

  /**
   * To be told of each request before anybody asks who sent it. Every proxy that is believed is asked for the one
   * before it; the first that is not believed, or not known, is the sender.
   */
  note(request: IncomingMessage): void {
    const trusts = this.#trusts;
    if (trusts === undefined) return;
    let { address, isSecure, host } = peerOf(request);
    if (!trusts(address, 0)) return;
    for (const [index, hop] of forwardedHops(request.headers).entries()) {
      if (!trusts(address, index)) break;
      isSecure = hop.isSecure ?? isSecure;
      host = hop.host ?? host;
      if (hop.address === undefined) break;
      address = hop.address;
    }
    noteSender(request, { address, isSecure, host });
  }
}
