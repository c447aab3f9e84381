import type { Client } from '../../../client/types.ts';
import { fenceMark } from './fence.ts';
import type { Guest } from './guests.ts';

/** Somebody with our own client library. */
export async function clientGuest(client: Client, name: string, nickname: string): Promise<Guest> {
  const room = client.room(name, { name: nickname });
  const latency = client.channel('latency');
  const texts: string[] = [];
  room.on('message', ({ data }) => texts.push(String(data)));
  await room.join();
  return {
    name: nickname,
    hearsItself: true,
    say: (text) => void room.publish(text),
    heard: async () => {
      const mark = fenceMark();
      const echoed = new Promise<void>((resolve) => {
        const off = latency.on('message', (text) => {
          if (text !== mark) return;
          off();
          resolve();
        });
      });
      latency.send(mark);
      await echoed;
      return texts.splice(0);
    },
    leave: () => client.close(),
  };
}
