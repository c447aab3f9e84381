/** How a line ended, in the words of the side that did not end it. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** One two-way line of text messages to the server, whatever carries it. */
export interface Line {
  readonly closed: Promise<Closing>;
  /** Sends in this order, in one SockJS frame where there are frames. Resolves when it is handed over. */
  send(...texts: string[]): Promise<void>;
  /** The oldest message that was not read yet, or the next one to come, however long that takes if `isPatient`. */
  next(isPatient?: boolean): Promise<string>;
  /** Ends the line from this side and waits until it is down. */
  close(): Promise<void>;
}

/** The next `count` messages. */
export async function take(line: { next(): Promise<string> }, count: number): Promise<string[]> {
  const messages: string[] = [];
  while (messages.length < count) messages.push(await line.next());
  return messages;
}
