/** What a controller can do with its sessions (S3 §5). Ids and groups that are unknown are no error. */
export interface SessionLibrary {
  /** @throws TypeError when the message is no string. */
  send(id: string, message: string): void;
  /**
   * To every member, whoever asked for it included.
   *
   * @throws TypeError when the message is no string.
   * @throws HubError when a hook refuses.
   */
  sendToGroup(group: string, message: string): void;
  /** @throws HubError when the name is too long, the session is in too many groups, or a hook refuses. */
  addToGroup(group: string, id: string): void;
  removeFromGroup(group: string, id: string): void;
  /** Members now. */
  getGroupSize(group: string): number;
  /**
   * Sends what the session is owed, then closes it. An addition of ours.
   *
   * @param code 1000 unless given.
   * @param reason Empty unless given; cut to 123 bytes.
   * @throws RangeError for a code that may not be sent (RFC 6455 §7.4).
   */
  close(id: string, code?: number, reason?: string): void;
}

/**
 * The functions that a controller holds, which may be taken apart and called on their own. They reach the server
 * that the controller is mounted on; until then there are no sessions and no groups.
 */
export class MountableLibrary implements SessionLibrary {
  #server: SessionLibrary | undefined;

  /**
   * From here on, calls go to this server. Returns the function that ends that.
   *
   * @throws Error when they go to another one.
   */
  mount(server: SessionLibrary): () => void {
    if (this.#server !== undefined) throw new Error('this session controller is mounted already');
    this.#server = server;
    return () => (this.#server = undefined);
  }

  readonly send = (id: string, message: string): void => {
    this.#server?.send(String(id), textOf(message));
  };

  readonly sendToGroup = (group: string, message: string): void => {
    this.#server?.sendToGroup(String(group), textOf(message));
  };

  readonly addToGroup = (group: string, id: string): void => {
    this.#server?.addToGroup(String(group), String(id));
  };

  readonly removeFromGroup = (group: string, id: string): void => {
    this.#server?.removeFromGroup(String(group), String(id));
  };

  readonly getGroupSize = (group: string): number => {
    return this.#server?.getGroupSize(String(group)) ?? 0;
  };

  readonly close = (id: string, code = 1000, reason = ''): void => {
    if (!maySend(code)) throw new RangeError(`a session cannot be closed with the code ${String(code)}`);
    this.#server?.close(String(id), code, String(reason));
  };
}

/** Nothing is turned into JSON silently (S3 §5). */
function textOf(message: string): string {
  if (typeof message === 'string') return message;
  throw new TypeError(`a message must be a string, not ${message === null ? 'null' : typeof message}`);
}

function maySend(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}
