import { expect } from '@playwright/test';
import type { ServerProcess } from './server-process.ts';

/** One key of a room's state. */
export interface StateEntry {
  readonly key: string;
  readonly value: unknown;
  readonly rev: number;
}

/** Somebody who deals with a room over HTTP, without being in it. */
export class Operator {
  readonly #name: string;
  readonly #address: string;

  constructor(name: string, room: string, server: ServerProcess) {
    this.#name = name;
    this.#address = `${server.url}/api/rooms/${encodeURIComponent(room)}`;
  }

  /** Says texts, one after the other. */
  async say(...texts: readonly string[]): Promise<void> {
    for (const data of texts) await this.#send('POST', 'messages', { data, name: this.#name });
  }

  /** Sets keys of the room's state in one step; a key without a value goes. */
  async change(...entries: readonly { readonly key: string; readonly value?: unknown }[]): Promise<void> {
    await this.#send('PATCH', 'state', { entries });
  }

  /** Puts everyone of this name out of the room. */
  async eject(name: string): Promise<void> {
    const answer = await fetch(this.#address);
    const { members } = (await answer.json()) as { members: { id: string; name: string }[] };
    for (const member of members.filter((one) => one.name === name)) {
      await fetch(`${this.#address}/members/${member.id}`, { method: 'DELETE' });
    }
  }

  /** What the room remembers. */
  async state(): Promise<readonly StateEntry[]> {
    const answer = await fetch(`${this.#address}/state?revisions`);
    return ((await answer.json()) as { entries: readonly StateEntry[] }).entries;
  }

  async #send(method: string, part: string, body: object): Promise<void> {
    const answer = await fetch(`${this.#address}/${part}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  }
}
