import { fenceMark } from './fence.ts';
import type { Line } from './line.ts';

/** Somebody in one room, through whichever door, who hears and may say texts there. */
export interface Guest {
  readonly name: string;
  /** Says something in the room. */
  say(text: string): void;
  /** Whether its own words come back to it. */
  readonly hearsItself: boolean;
  /** What was heard since the last time, once everything that was on its way is through. */
  heard(): Promise<string[]>;
  leave(): Promise<void>;
}

/** Reads a line up to the answer to a question that is always answered. */
export async function readUntil(
  line: Line,
  question: string,
  isAnswer: (frame: string) => boolean,
): Promise<string[]> {
  await line.send(question);
  const before: string[] = [];
  for (;;) {
    const frame = await line.next(true);
    if (isAnswer(frame)) return before;
    before.push(frame);
  }
}

/** A member on `/layout`, on any line. */
export async function layoutGuest(line: Line, room: string, name: string): Promise<Guest> {
  await line.send(JSON.stringify(['JOIN', { room, name }, 1]));
  await line.next();
  return {
    name,
    hearsItself: false,
    say: (message) => void line.send(JSON.stringify(['NOTIFY', { room, message }])),
    heard: async () => {
      const mark = fenceMark();
      const frames = await readUntil(line, JSON.stringify(['FENCE', {}, mark]), (frame) =>
        frame.includes(mark),
      );
      return frames.flatMap((frame) => {
        const [event, body] = JSON.parse(frame) as [string, { message: string }];
        return event === 'EVENT' ? [body.message] : [];
      });
    },
    leave: () => line.close(),
  };
}

/** A subscriber of the topic. */
export async function topicGuest(line: Line, room: string): Promise<Guest> {
  await line.send(`sub,${room}`, 'sub,latency', 'msg,latency,in');
  await line.next();
  return {
    name: 'unknown',
    hearsItself: true,
    say: (text) => void line.send(`msg,${room},${text}`),
    heard: async () => {
      const frame = `msg,latency,${fenceMark()}`;
      const frames = await readUntil(line, frame, (answer) => answer === frame);
      return frames.flatMap((heard) =>
        heard.startsWith(`msg,${room},`) ? [heard.slice(`msg,${room},`.length)] : [],
      );
    },
    leave: () => line.close(),
  };
}
