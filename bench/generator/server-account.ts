import { readdirSync, readFileSync } from 'node:fs';

/** CPU time the kernel has put down to a process, all its threads, in µs. */
export interface CpuTime {
  /** Exact. */
  readonly totalMicros: number;
  /** How the total divides is sampled by the kernel's clock tick: good for a tendency. */
  readonly userMicros: number;
  readonly systemMicros: number;
}

/** The kernel counts in ticks of 1/100 s on every Linux that Node runs on (`getconf CLK_TCK`). */
const MICROS_PER_TICK = 10_000;

/**
 * Reads the account. utime + stime of `/proc/PID/stat` is the scheduler's exact count rounded to 10 ms, too
 * coarse for a storm of 0.2 s; the same count stands unrounded in each thread's `schedstat`.
 */
export function cpuTime(pid: number): CpuTime {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets and may hold spaces; counting starts behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const userMicros = Number(fields[11]) * MICROS_PER_TICK;
  const systemMicros = Number(fields[12]) * MICROS_PER_TICK;
  return { totalMicros: threadMicros(pid) ?? userMicros + systemMicros, userMicros, systemMicros };
}

/** `undefined` on a kernel built without scheduler statistics. */
function threadMicros(pid: number): number | undefined {
  let nanos = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      nanos += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]);
    }
  } catch {
    return undefined;
  }
  return nanos === 0 ? undefined : nanos / 1000;
}

/** CPU time that the whole machine has spent on anything, in µs. */
export function machineMicros(): number {
  const line = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1] ?? '';
  // The fourth and fifth are idle time; what follows steal is in user time already.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softirq + steal) * MICROS_PER_TICK;
}

/** Resident memory of a process in bytes; `smaps_rollup` because `status` rounds by up to 256 KB per core. */
export function residentBytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const kilobytes = /^Rss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kilobytes === undefined) throw new Error(`no Rss in /proc/${pid}/smaps_rollup`);
  return Number(kilobytes) * 1024;
}
