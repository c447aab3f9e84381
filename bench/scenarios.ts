/** Members publish again as soon as all have what they said; so many of their messages are under way. */
export interface ClosedLoop {
  readonly type: 'closed-loop';
  readonly rooms: number;
  readonly membersPerRoom: number;
  readonly publishersPerRoom: number;
  /** Messages under way for each publisher. */
  readonly window: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** How long each message takes is measured too, and how many get through in a second. */
  readonly isTimed?: boolean;
}

/** Messages leave at a given rate, whether the earlier ones have arrived or not. */
export interface OpenLoop {
  readonly type: 'open-loop';
  readonly rooms: number;
  readonly membersPerRoom: number;
  readonly deliveriesPerSecond: number;
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** Connections are opened as fast as the server takes them, joined to rooms, and told one message. */
export interface JoinStorm {
  readonly type: 'join-storm';
  readonly warmup: number;
  readonly connections: number;
  readonly membersPerRoom: number;
}

/** Connections are opened, joined, and left alone. */
export interface IdleMemory {
  readonly type: 'idle-memory';
  readonly warmup: number;
  readonly connections: number;
  readonly membersPerRoom: number;
}

export type Workload = ClosedLoop | OpenLoop | JoinStorm | IdleMemory;

export const SCENARIO_NAMES = [
  'fan-out',
  'fan-out-16',
  'fan-out-10p',
  'many-rooms',
  'ping-pong',
  'publish',
  'join-storm',
  'idle-memory',
] as const;

export type ScenarioName = (typeof SCENARIO_NAMES)[number];

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  /** What one unit of the result is. */
  readonly unit: string;
  readonly workload: Workload;
}

/** The scenarios; `quick` ones measure for less time and say less about small differences. */
export function scenarios(quick: boolean): Scenario[] {
  const closed = quick ? { warmupMs: 250, measureMs: 500 } : { warmupMs: 500, measureMs: 1200 };
  const open = quick ? { warmupMs: 300, measureMs: 1200 } : { warmupMs: 700, measureMs: 2500 };
  const crowd = { type: 'closed-loop', rooms: 1, membersPerRoom: 1000 } as const;
  return [
    {
      name: 'fan-out',
      title: 'fan-out: 1 room, 1000 members, 100 bytes, one message under way',
      unit: 'CPU µs per delivered message',
      workload: { ...crowd, publishersPerRoom: 1, window: 1, ...closed },
    },
    {
      name: 'fan-out-16',
      title: 'fan-out: 1 room, 1000 members, 100 bytes, 16 messages under way',
      unit: 'CPU µs per delivered message',
      workload: { ...crowd, publishersPerRoom: 1, window: 16, ...closed },
    },
    {
      name: 'fan-out-10p',
      title: 'fan-out: 1 room, 1000 members, 100 bytes, 10 publishers with 2 messages under way each',
      unit: 'CPU µs per delivered message',
      workload: { ...crowd, publishersPerRoom: 10, window: 2, ...closed },
    },
    {
      name: 'many-rooms',
      title: 'many to many: 20 rooms of 50, all talking, 25 000 deliveries/s offered',
      unit: 'CPU µs per delivered message',
      workload: { type: 'open-loop', rooms: 20, membersPerRoom: 50, deliveriesPerSecond: 25_000, ...open },
    },
    {
      name: 'ping-pong',
      title: 'ping-pong: 100 connections, each alone in a room, sends again when its message is back',
      unit: 'CPU µs per round trip',
      workload: {
        type: 'closed-loop',
        rooms: 100,
        membersPerRoom: 1,
        publishersPerRoom: 1,
        window: 1,
        ...closed,
      },
    },
    {
      name: 'publish',
      title: 'publish: 10 connections, each alone in a room, with 16 messages under way',
      unit: 'CPU µs per round trip',
      workload: {
        type: 'closed-loop',
        rooms: 10,
        membersPerRoom: 1,
        publishersPerRoom: 1,
        window: 16,
        isTimed: true,
        ...closed,
      },
    },
    {
      name: 'join-storm',
      title: 'storm: connect, join a room of 50, get its first message',
      unit: 'CPU µs per connection',
      workload: {
        type: 'join-storm',
        warmup: quick ? 500 : 2000,
        connections: quick ? 1000 : 2000,
        membersPerRoom: 50,
      },
    },
    {
      name: 'idle-memory',
      title: 'idle memory: 3000 connections in rooms of 50, after a garbage collection',
      unit: 'bytes of RSS per connection',
      workload: { type: 'idle-memory', warmup: 500, connections: 3000, membersPerRoom: 50 },
    },
  ];
}
