import type { TransportName } from '../client/types.ts';

/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** By name; what a check found out, in figures. */
export type Facts = Readonly<Record<string, Json>>;

/**
 * What an examination found out (docs/doctor.md). Nothing in it is secret: no addresses of people, no tokens, no
 * cookies, no queries.
 */
export interface Report {
  readonly format: 'roomplex-doctor';
  readonly version: 1;
  /** When it began, ms since 1970, by the clock of whoever examined. */
  readonly at: number;
  readonly durationMs: number;
  /** Origin and path of the server that was examined, no query. */
  readonly url: string;
  readonly client: ClientFacts;
  /** In the order in which they are shown. */
  readonly checks: readonly Check[];
  /** What is worth knowing; worst first. */
  readonly findings: readonly Finding[];
  readonly advice: Advice;
}

/** Who examined. */
export interface ClientFacts {
  readonly kind: 'browser' | 'node';
  /** Product and version in one line: `Chromium 141`, `Node 20.19`. */
  readonly agent: string;
  /** All requests were told to go through a proxy; `null` where that cannot be known. */
  readonly proxy: boolean | null;
}

export type CheckStatus = 'waiting' | 'running' | 'pass' | 'warn' | 'fail' | 'skip';

/** One thing that is looked at. */
export interface Check {
  /** Stable, for programs. */
  readonly id: string;
  /** For people; what is looked at. */
  readonly title: string;
  readonly status: CheckStatus;
  readonly durationMs: number;
  /** One plain sentence: what came of it, or what is going on. Empty while it waits. */
  readonly detail: string;
  readonly facts: Facts;
}

export type Severity = 'info' | 'warn' | 'fail';

/** A behaviour of the network or of the server, by its name. */
export interface Finding {
  /** Stable, for programs: docs/doctor.md has them all. */
  readonly id: string;
  /** `fail`: something does not work; `warn`: it works, but worse than it could; `info`: good to know. */
  readonly severity: Severity;
  /** The behaviour in plain words, one sentence without a full stop. */
  readonly title: string;
  /** What was seen that says so. */
  readonly evidence: readonly string[];
  readonly remedy: Remedy;
}

/** What to do; each text stands alone and can be copied. */
export interface Remedy {
  readonly user: string;
  /** For the department that runs the network of the user. */
  readonly it: string;
  /** For whoever runs the server. */
  readonly operator: string;
  /** Lines for the configuration of the proxy in front of the server. */
  readonly nginx?: string;
  readonly haproxy?: string;
}

/** Settings that suit this network. */
export interface Advice {
  /** Those that work, best first; empty when none does. */
  readonly transports: readonly TransportName[];
  /** How often the server should give a sign of life. */
  readonly heartbeatMs: number;
  /** What one request may carry, where that is less than usual. */
  readonly postLimitBytes?: number;
  /** One or two sentences. */
  readonly why: string;
}
