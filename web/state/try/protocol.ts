import type { ProtocolId } from '../route.ts';
import type { Endpoint } from './endpoint.ts';
import type { Snippet } from './snippets.ts';
import type { Way } from './ways.ts';

/** Everything the pages know of a protocol. */
export interface Protocol {
  readonly id: ProtocolId;
  /** What it is called in a heading. */
  readonly title: string;
  /** Where it answers, relative to the server; `{KEY}` stands for the field of that key. */
  readonly path: string;
  /** What it is, in a sentence. */
  readonly summary: string;
  /** Who it is for, in a sentence. */
  readonly audience: string;
  /** Something to know before the first frame. */
  readonly note?: string;
  /** The ways to reach it, the one to begin with first. */
  readonly ways: readonly Way[];
  /** What can be filled in before connecting. */
  readonly fields: readonly Field[];
  /** Frames ready to send; the first is in the editor from the start. */
  examples(moment: Moment): readonly Example[];
  /** Code for the real address. */
  snippets(endpoint: Endpoint): readonly Snippet[];
  /** What to do when this server has nothing at the path. */
  readonly absent: string;
  /** What may be the matter when the server is there and lets nobody in. */
  readonly refused?: string;
  /** What the user can do about that from here. */
  remedy?(endpoint: Endpoint): Remedy;
}

/** A form that the server takes by POST, after which a connection may succeed. */
export interface Remedy {
  /** What it does, as on a button. */
  readonly text: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One blank to fill in before connecting. */
export interface Field {
  /** The parameter's name; also what stands in {@link Protocol.path}. */
  readonly key: string;
  readonly label: string;
  /** `path`: part of the path; `parameter`: a query parameter; `query`: a whole query; `namespace`: of Socket.IO. */
  readonly place: 'path' | 'parameter' | 'query' | 'namespace';
  /** What is filled in at first, for one client and for another. */
  readonly defaults: readonly [one: string, other: string];
  readonly placeholder?: string;
  /** The ways that take it; absent: all. */
  readonly ways?: readonly Way[];
}

/** One frame ready to send. */
export interface Example {
  /** Short, as the protocol calls it. */
  readonly name: string;
  /** What it does. */
  readonly hint: string;
  readonly text: string;
}

/** What an example may depend on. */
export interface Moment {
  /** Names of the client that sends and of the other one on the page. */
  readonly me: string;
  readonly other: string;
  readonly way: Way;
  /** Values of the client's fields. */
  readonly fields: ReadonlyMap<string, string>;
  /** Texts that came in on this connection, newest last. */
  readonly received: readonly string[];
}
