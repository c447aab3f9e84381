import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { MESSAGE } from '../../hub/publication.ts';
import type { SessionLibrary } from '../../services/session-library.ts';
import { GroupMember } from './group-member.ts';
import type { ServiceSession } from './service-session.ts';

/** Where the groups of a service are, and how many one session may be in. */
export interface GroupTerms {
  /** Name of the gateway. */
  readonly gateway: string;
  /** Space of the rooms that are the groups. */
  readonly space: string;
  readonly hub: Hub;
  /** Groups one session may be in; 0 lifts it. */
  readonly maxGroups: number;
  /** An engine refused afterwards what was sent to a group. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * The sessions of one service, by id, and their groups. A session is here from before its `open` until its
 * handler is through with `close`.
 */
export class LiveSessions implements SessionLibrary {
  readonly #sessions = new Map<string, ServiceSession>();
  readonly #terms: GroupTerms;

  constructor(terms: GroupTerms) {
    this.#terms = terms;
  }

  add(session: ServiceSession): void {
    this.#sessions.set(session.connection.id, session);
  }

  /** Takes it out of its groups too. */
  remove(session: ServiceSession): void {
    this.#sessions.delete(session.connection.id);
    for (const group of [...session.groups]) this.#leave(group, session);
  }

  send(id: string, message: string): void {
    this.#sessions.get(id)?.send(message);
  }

  sendToGroup(group: string, message: string): void {
    const { hub, space, onRefused } = this.#terms;
    const draft = { kind: MESSAGE, data: message, sender: { id: null, name: undefined } };
    try {
      const acceptance = hub.publish(space, group, draft);
      if (acceptance instanceof Promise) acceptance.catch(onRefused);
    } catch (error) {
      // Nobody can be in a group whose name is too long.
      if (!(error instanceof HubError && error.code === 'limit')) throw error;
    }
  }

  addToGroup(group: string, id: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined || session.groups.has(group)) return;
    const { hub, space, gateway, maxGroups } = this.#terms;
    if (maxGroups !== 0 && session.groups.size >= maxGroups) {
      throw new HubError('limit', `a session can be in ${maxGroups} groups at most`);
    }
    hub.join(space, group, new GroupMember(gateway, session, () => this.#leave(group, session)));
    session.groups.add(group);
  }

  removeFromGroup(group: string, id: string): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) this.#leave(group, session);
  }

  getGroupSize(group: string): number {
    const { hub, space } = this.#terms;
    return hub.room(space, group)?.size ?? 0;
  }

  close(id: string, code?: number, reason?: string): void {
    this.#sessions.get(id)?.connection.close(code, reason);
  }

  #leave(group: string, session: ServiceSession): void {
    const { hub, space } = this.#terms;
    if (!session.groups.delete(group)) return;
    const member = hub.room(space, group)?.get(session.connection.id);
    if (member !== undefined) hub.leave(space, group, member);
  }
}
