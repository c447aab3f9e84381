const COUNT = new Intl.NumberFormat('en');
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const INSTANT = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
const DAY = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A whole number with its thousands marked. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** `1 room`, `2 rooms`. */
export function formatMany(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A rate per second, with as many decimals as it deserves. */
export function formatRate(rate: number | null): string {
  if (rate === null) return '–';
  return rate !== 0 && rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate));
}

/** A span of time in its two largest units: `8 s`, `3 min`, `2 h 5 min`, `4 d 2 h`. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** A round trip in milliseconds, no finer than browsers' clocks are: `0.4`, `42.0`, `420`. */
export function formatMs(ms: number): string {
  return ms < 100 ? ms.toFixed(1) : formatCount(Math.round(ms));
}

/** A share between 0 and 1 as a percentage. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return `${percent !== 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** A size in bytes in the largest unit that leaves a number above one. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** The time of day of a moment. */
export function formatClock(at: number): string {
  return CLOCK.format(at);
}

/** The time of day of a moment to the millisecond: `14:03:22.512`. */
export function formatInstant(at: number): string {
  return INSTANT.format(at);
}

/** Date and time of a moment, in full. */
export function formatMoment(at: number): string {
  return MOMENT.format(at);
}

/** The day of a moment, seen from another: `Today`, `Yesterday`, or its name and date. */
export function formatDay(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : DAY.format(at);
}

/** True when two moments lie on one day. */
export function isSameDay(one: number, other: number): boolean {
  return startOfDay(one) === startOfDay(other);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
