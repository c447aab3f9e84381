import { decodeFrame, encodeFrame, escapeTopic } from '../../../protocol/multiplex.ts';
import { Inbox } from './inbox.ts';
import type { Closing, Line } from './line.ts';

/** One topic on a multiplexed line of its own, as a line: what a gateway is on `/multiplex`. */
export async function openChannelLine(carrier: Line, topic: string): Promise<Line> {
  const wire = escapeTopic(topic);
  const messages = new Inbox<string>(`channel ${topic}`);
  const closed = new Promise<Closing>((resolve) => {
    const end = (closing: Closing): void => {
      messages.end(`closed with ${closing.code} ${closing.reason}`);
      resolve(closing);
    };
    void carrier.closed.then(end);
    void (async () => {
      for (;;) {
        const frame = decodeFrame(await carrier.next(true));
        if (frame?.topic !== wire) throw new Error(`a frame for another topic: ${JSON.stringify(frame)}`);
        if (frame.type === 'msg') messages.push(frame.payload);
        else end({ code: 1000, reason: 'uns' });
      }
    })().catch((error: Error) => messages.end(error.message));
  });
  await carrier.send(encodeFrame('sub', wire));
  return {
    closed,
    next: (isPatient) => messages.next(isPatient),
    send: (...texts) => carrier.send(...texts.map((text) => encodeFrame('msg', wire, text))),
    close: () => carrier.close(),
  };
}
