import { setTimeout as delay } from 'node:timers/promises';
import type { CellRequest, CellResult } from '../cell.ts';
import type { ClosedLoop, IdleMemory, JoinStorm, OpenLoop } from '../scenarios.ts';
import { whileAwake } from './awake.ts';
import { dismiss, seat, type Seating } from './crowd.ts';
import { seededRandom } from './random.ts';
import type { Room } from './room.ts';
import { cpuTime, machineMicros, residentBytes, type CpuTime } from './server-account.ts';
import { Traffic } from './traffic.ts';

/** Has the server's garbage collected. */
export type Collect = () => Promise<void>;

/** Runs one workload against one server. Throws a `CheckError` when a check fails. */
export async function measure(request: CellRequest, collect: Collect): Promise<CellResult> {
  const { workload } = request;
  switch (workload.type) {
    case 'closed-loop':
      return measureTraffic(request, workload, closedLoop(workload));
    case 'open-loop':
      return measureTraffic(request, workload, openLoop(workload, request.seed));
    case 'join-storm':
      return measureStorm(request, workload);
    case 'idle-memory':
      return measureMemory(request, workload, collect);
  }
}

/** Keeps messages coming for a while, then waits until all have arrived. */
type Pump = (rooms: readonly Room[], traffic: Traffic, ms: number) => Promise<void>;

function closedLoop({ publishersPerRoom, window }: Pick<ClosedLoop, 'publishersPerRoom' | 'window'>): Pump {
  return async (rooms, traffic, ms) => {
    traffic.onComplete = (room, publisher) => room.publish(publisher);
    for (const room of rooms) {
      for (let i = 0; i < publishersPerRoom * window; i++) room.publish(i % publishersPerRoom);
    }
    await traffic.orFailure(delay(ms));
    traffic.onComplete = () => {};
    await traffic.drained();
  };
}

/** Anybody in any room speaks, at moments as random as independent people make them (a Poisson process). */
function openLoop({ membersPerRoom, deliveriesPerSecond }: OpenLoop, seed: number): Pump {
  const random = seededRandom(seed);
  const meanGapMs = (1000 * membersPerRoom) / deliveriesPerSecond;
  return async (rooms, traffic, ms) => {
    const start = performance.now();
    let due = 0;
    while (due < ms) {
      due += -Math.log(1 - random()) * meanGapMs;
      const wait = start + due - performance.now();
      if (wait > 0) await traffic.orFailure(delay(wait));
      rooms[Math.floor(random() * rooms.length)]?.publish(Math.floor(random() * membersPerRoom));
    }
    await traffic.drained();
  };
}

async function measureTraffic(
  request: CellRequest,
  workload: ClosedLoop | OpenLoop,
  pump: Pump,
): Promise<CellResult> {
  const traffic = new Traffic();
  const publishersPerRoom =
    workload.type === 'closed-loop' ? workload.publishersPerRoom : workload.membersPerRoom;
  const rooms = await seat(request, { ...workload, publishersPerRoom }, traffic);
  // At full speed even where a slow rate is measured: a server that has been up for a minute has its code compiled.
  const warmUp = workload.type === 'open-loop' ? closedLoop({ publishersPerRoom: 1, window: 1 }) : pump;
  await warmUp(rooms, traffic, workload.warmupMs);
  traffic.isStrict = false;
  traffic.resetCounters();
  if (workload.type === 'open-loop' || workload.isTimed === true) traffic.latencies = [];
  await settled(request.pid);

  const before = readAccount(request.pid);
  await whileAwake(() => pump(rooms, traffic, workload.measureMs));
  const account = since(before, request.pid);

  // Time for what should never come: a message sent twice.
  await traffic.orFailure(delay(STRAGGLERS_MS));
  for (const room of rooms) room.check();
  await traffic.drained();
  dismiss(rooms);
  return {
    ...account,
    operations: traffic.delivered,
    perOperation: account.totalMicros / traffic.delivered,
    messagesPerFrame: traffic.delivered / traffic.frames,
    ...(traffic.latencies && { latency: quantiles(traffic.latencies) }),
  };
}

async function measureStorm(request: CellRequest, workload: JoinStorm): Promise<CellResult> {
  const traffic = new Traffic();
  // The code for connections runs warm first, and is left without any.
  dismiss(await seat(request, warmupSeats(workload), traffic));
  await settled(request.pid);

  const before = readAccount(request.pid);
  const rooms = await seat(request, measuredSeats(workload), traffic);
  const account = since(before, request.pid);

  dismiss(rooms);
  return {
    ...account,
    operations: workload.connections,
    perOperation: account.totalMicros / workload.connections,
  };
}

async function measureMemory(
  request: CellRequest,
  workload: IdleMemory,
  collect: Collect,
): Promise<CellResult> {
  const traffic = new Traffic();
  // These stay: what a server lets go of later would be missing from the difference.
  const others = await seat(request, warmupSeats(workload), traffic);
  await settled(request.pid);
  await collect();
  const bytesBefore = residentBytes(request.pid);

  const before = readAccount(request.pid);
  const rooms = await seat(request, measuredSeats(workload), traffic);
  const account = since(before, request.pid);
  await settled(request.pid);
  await collect();
  const bytes = residentBytes(request.pid) - bytesBefore;

  dismiss([...others, ...rooms]);
  return { ...account, operations: workload.connections, perOperation: bytes / workload.connections };
}

function warmupSeats({ warmup, membersPerRoom }: JoinStorm | IdleMemory): Seating {
  return { rooms: warmup / membersPerRoom, membersPerRoom, publishersPerRoom: 1 };
}

function measuredSeats({ warmup, connections, membersPerRoom }: JoinStorm | IdleMemory): Seating {
  return {
    rooms: connections / membersPerRoom,
    membersPerRoom,
    publishersPerRoom: 1,
    firstRoom: warmup / membersPerRoom,
  };
}

/** Waits until the server has nothing left to do. */
async function settled(pid: number): Promise<void> {
  let last = cpuTime(pid);
  for (let calm = 0, waits = 0; calm < 2 && waits < 40; waits++) {
    await delay(CALM_WINDOW_MS);
    const now = cpuTime(pid);
    calm = now.totalMicros - last.totalMicros < CALM_MICROS ? calm + 1 : 0;
    last = now;
  }
}

interface Account extends CpuTime {
  readonly wallMs: number;
  /** CPU time of this process. */
  readonly generatorMicros: number;
  /** CPU time of all other programs. */
  readonly othersMicros: number;
}

function readAccount(pid: number): Account {
  const server = cpuTime(pid);
  const { user, system } = process.cpuUsage();
  const generatorMicros = user + system;
  const othersMicros = machineMicros() - server.totalMicros - generatorMicros;
  return { ...server, wallMs: performance.now(), generatorMicros, othersMicros };
}

function since(before: Account, pid: number): Account {
  const now = readAccount(pid);
  return {
    totalMicros: now.totalMicros - before.totalMicros,
    userMicros: now.userMicros - before.userMicros,
    systemMicros: now.systemMicros - before.systemMicros,
    wallMs: now.wallMs - before.wallMs,
    generatorMicros: now.generatorMicros - before.generatorMicros,
    othersMicros: Math.max(0, now.othersMicros - before.othersMicros),
  };
}

function quantiles(samples: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

const STRAGGLERS_MS = 50;
/** A server that uses less than this in a window is idle but for its timers. */
const CALM_MICROS = 1000;
const CALM_WINDOW_MS = 50;
