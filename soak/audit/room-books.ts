import type { Findings } from './findings.ts';
import { ChangeClaims } from './change-claims.ts';
import { Claims } from './claims.ts';
import { auditRoom, type RoomHistory } from './room-audit.ts';
import { auditState, type ChangeSeen, type StateSnapshot } from './state-audit.ts';
import { Testimony } from './testimony.ts';

/** How a room was when everything had come to rest. */
export interface RoomEnd {
  readonly history: RoomHistory;
  readonly state: StateSnapshot;
}

/** All that participants write down about one room. */
export class RoomBooks {
  readonly room: string;
  readonly claims = new Claims();
  readonly changes = new ChangeClaims();
  readonly testimonies: Testimony[] = [];
  readonly snapshots: StateSnapshot[] = [];
  readonly seen: ChangeSeen[] = [];

  constructor(room: string) {
    this.room = room;
  }

  /** A page of its own for one reader. */
  testimony(reader: string): Testimony {
    const testimony = new Testimony(reader);
    this.testimonies.push(testimony);
    return testimony;
  }

  /** `mayMiss`: the reasons for which a gap may have been told; `counters`: keys that were only counted up. */
  audit(end: RoomEnd, mayMiss: readonly string[], counters: readonly string[]): Findings {
    const { room, claims, testimonies, changes, snapshots, seen } = this;
    const findings = auditRoom({ room, claims, testimonies, history: end.history, mayMiss });
    findings.include(auditState({ room, claims: changes, snapshots, seen, end: end.state, counters }));
    return findings;
  }
}
