import type { WireName } from './wires.ts';
import type { Workload } from './scenarios.ts';

/** One measurement for the generator to make: a workload against a running server. */
export interface CellRequest {
  readonly type: 'measure';
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly wire: WireName;
  readonly basePath: string;
  readonly workload: Workload;
  /** The same for every subject of a repetition, so that all are offered the same traffic. */
  readonly seed: number;
}

/** What the generator asks of the process that started it: collect the server's garbage, then say so. */
export interface CollectRequest {
  readonly type: 'collect';
}

/** What came out of a measurement. */
export interface CellResult {
  /** Delivered messages, round trips or connections. */
  readonly operations: number;
  /** CPU µs, or bytes in the memory scenario, per operation. */
  readonly perOperation: number;
  /** The server's CPU time, and about how it divides. */
  readonly totalMicros: number;
  readonly userMicros: number;
  readonly systemMicros: number;
  /** The generator's own CPU time; close to `wallMs` when it was the limit. */
  readonly generatorMicros: number;
  /** CPU time that all other programs on the machine took meanwhile. */
  readonly othersMicros: number;
  readonly wallMs: number;
  /** Where messages were delivered. */
  readonly messagesPerFrame?: number;
  readonly latency?: { readonly p50Ms: number; readonly p99Ms: number };
}

export type GeneratorAnswer =
  | { readonly type: 'result'; readonly result: CellResult }
  | { readonly type: 'failure'; readonly reason: string }
  | CollectRequest;

export type GeneratorOrder = CellRequest | { readonly type: 'collected' };
