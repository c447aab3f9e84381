import { setTimeout as delay } from 'node:timers/promises';
import type { JoinAnswer, RoomEvent } from '../../protocol/rooms.ts';
import { Findings } from '../audit/findings.ts';
import type { Message } from '../participants/participant.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { importedMessage, importRooms, type Rooms } from '../subject/import-rooms.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';
import { KEEP_ALL } from '../subject/keep-all.ts';
import { RawLine } from '../wire/raw-line.ts';

const MESSAGES = 1_000_000;
const ROOMS: readonly number[] = [1, 100, 10_000];
const EPOCH = 'soak.0';
/** How long a start may take, the program's own start included. */
const LIMIT_MS = 1000;
/** How much somebody missed who comes back. */
const MISSED = 50;

/** A million messages, `kill -9`, and a start: when does it listen, and when has somebody everything that was missed? */
export const largeStore: Scenario = {
  name: 'large-store',
  about: 'a million stored messages in 1, 100 and 10 000 rooms: kill -9, start, and recover',
  isLong: true,
  run,
};

async function run({ random, rounds = 5, progress, onCrash }: Terms): Promise<Result> {
  const findings = new Findings();
  const notes: string[] = [];
  for (const count of ROOMS) {
    await withFolder(async (data) => {
      const rooms: Rooms = { count, messages: MESSAGES / count, epoch: EPOCH };
      await importRooms(data, rooms);
      progress(`${count} rooms are stored`);
      const server = await ServerProcess.start({ data, args: KEEP_ALL, onCrash });
      try {
        const starts: number[] = [];
        const recoveries: number[] = [];
        for (let round = 0; round < rounds; round++) {
          await killInMidSentence(server, `room ${random.between(1, count)}`);
          starts.push(await server.restart());
          recoveries.push(await recover(server.port, `room ${random.between(1, count)}`, rooms, findings));
        }
        findings.add('rooms', count);
        findings.add('restarts', server.starts - 1);
        const note = `${count} rooms: it listened after ${list(starts)} ms; all that was missed came ${list(recoveries)} ms later`;
        progress(note);
        notes.push(note);
        const best = Math.min(...starts.map((ms, round) => ms + (recoveries[round] ?? Infinity)));
        if (best > LIMIT_MS)
          findings.fault('stalled', `${count} rooms: no start was ready within ${LIMIT_MS} ms`);
      } finally {
        await server.kill();
      }
    });
  }
  return { findings, notes };
}

/** Something is being written when it ends. */
async function killInMidSentence(server: ServerProcess, room: string): Promise<void> {
  const line = await RawLine.open(server.port, () => undefined);
  for (let number = 0; number < 200; number++) {
    line.request('NOTIFY', { room, message: { id: `more ${number}`, fill: '' } }).catch(() => undefined);
  }
  await delay(5);
  await server.kill();
}

/** Joins from a position of long ago. Gives the ms until all of it was there. */
async function recover(port: number, room: string, rooms: Rooms, findings: Findings): Promise<number> {
  const start = performance.now();
  const from = rooms.messages - MISSED;
  let next = from + 1;
  let isThere = (): void => undefined;
  const all = new Promise<void>((resolve) => (isThere = resolve));
  const line = await RawLine.open(port, (event, body) => {
    if (event !== 'EVENT' || next > rooms.messages) return;
    const { offset, message } = body as RoomEvent;
    if (offset !== next || (message as Message).id !== importedMessage(next).id) {
      findings.fault('lost', `${room}: ${offset} came instead of ${next}`);
    }
    findings.add('recovered');
    if (++next > rooms.messages) isThere();
  });
  const request = { room, name: 'back', recover: { epoch: rooms.epoch, offset: from } };
  const answer = (await line.request('JOIN', request)) as JoinAnswer;
  if (answer.recovered !== true) findings.fault('wrong gap', `${room}: ${JSON.stringify(answer)}`);
  else await all;
  line.cut();
  return performance.now() - start;
}

function list(numbers: readonly number[]): string {
  return numbers.map((ms) => ms.toFixed(0)).join(', ');
}
