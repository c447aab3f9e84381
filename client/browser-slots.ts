import { Leases } from './slots/leases.ts';
import { SharedSlots, type SlotsPage } from './slots/shared-slots.ts';
import { UNSHARED, type Slots } from './slots/slots.ts';
import { storage } from './browser-network.ts';

/** By origin. */
const shared = new Map<string, SharedSlots>();

/** Who may keep a response of that origin open, among all tabs of this browser. */
export function slotsOf(origin: string, page: SlotsPage): Slots {
  if (isMultiplexed(origin)) return UNSHARED;
  let slots = shared.get(origin);
  if (slots === undefined) {
    if (shared.size === 0) listen();
    const store = storage();
    slots = new SharedSlots(store === null ? null : new Leases(store, origin), page);
    shared.set(origin, slots);
  }
  return slots;
}

function listen(): void {
  const look = (): void => {
    for (const slots of shared.values()) slots.look();
  };
  globalThis.addEventListener('storage', ({ key }) => {
    if (key === null || key.startsWith(Leases.prefix)) look();
  });
  globalThis.addEventListener('pagehide', () => {
    for (const slots of shared.values()) slots.leave();
  });
  // A page that the browser had only put aside is back.
  globalThis.addEventListener('pageshow', look);
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', look);
}

/** HTTP/2 and HTTP/3 carry all responses of an origin over one connection; what came last from there tells. */
function isMultiplexed(origin: string): boolean {
  const entries = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
  const last = (entries as PerformanceResourceTiming[]).findLast(
    ({ name, nextHopProtocol }) => name.startsWith(`${origin}/`) && nextHopProtocol !== '',
  );
  return /^h[23]/.test(last?.nextHopProtocol ?? '');
}
