import { Counter, Gauge, Registry } from 'prom-client';
import type { Hub } from '../hub/hub.ts';
import type { Counters } from '../telemetry/counters.ts';

/** Prometheus text, read from the plain counters when asked: the message path knows nothing of it. */
export function createMetrics(hub: Hub, counters: Counters): Registry {
  const registry = new Registry();
  const registers = [registry];
  const total = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  total('roomplex_connections_total', 'Connections accepted.', () => counters.connected);
  total('roomplex_messages_received_total', 'Messages that came in.', () => counters.received);
  total('roomplex_publications_total', 'Publications accepted.', () => counters.published);
  total('roomplex_deliveries_total', 'Publications times members they went to.', () => counters.delivered);
  new Counter({
    name: 'roomplex_ignored_total',
    help: 'Input that was dropped or refused.',
    labelNames: ['place', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counters.ignored) {
        const [place = '', reason = ''] = key.split(' ');
        this.inc({ place, reason }, count);
      }
    },
  });
  new Gauge({
    name: 'roomplex_connections',
    help: 'Live connections.',
    labelNames: ['gateway', 'transport'],
    registers,
    collect() {
      this.reset();
      for (const [key, count] of counters.connections) {
        const [gateway = '', transport = ''] = key.split(' ');
        this.set({ gateway, transport }, count);
      }
    },
  });
  new Gauge({
    name: 'roomplex_rooms',
    help: 'Rooms with members.',
    registers,
    collect() {
      this.set(hub.roomCount);
    },
  });
  new Gauge({
    name: 'roomplex_store_available',
    help: '1 while publications and changes can be accepted, else 0.',
    registers,
    collect() {
      this.set(Number(hub.isAvailable));
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  return registry;
}
