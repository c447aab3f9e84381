import type { ClockFacts } from './checks/clock.ts';
import type { CookieFacts } from './checks/cookies.ts';
import type { FreshFacts } from './checks/fresh.ts';
import type { HoldFacts } from './checks/hold.ts';
import type { IdleFacts } from './checks/idle.ts';
import type { LifeFacts } from './checks/life.ts';
import type { MirrorFacts } from './checks/mirror.ts';
import type { NodesFacts } from './checks/nodes.ts';
import type { OriginFacts } from './checks/origin.ts';
import type { PostFacts } from './checks/post.ts';
import type { ReachFacts } from './checks/reach.ts';
import type { SizeFacts } from './checks/size-ladder.ts';
import type { SteadyFacts } from './checks/steady.ts';
import type { StreamFacts } from './checks/stream.ts';
import type { TlsFacts } from './checks/tls.ts';
import type { TransportFacts } from './checks/transport.ts';
import type { WebRtcFacts } from './checks/webrtc.ts';
import type { WebSocketFacts } from './checks/websocket.ts';

/** What each check finds out, by the check's id. */
export interface FactsOf {
  readonly reach: ReachFacts;
  readonly steady: SteadyFacts;
  readonly fresh: FreshFacts;
  readonly mirror: MirrorFacts;
  readonly post: PostFacts;
  readonly origin: OriginFacts;
  readonly clock: ClockFacts;
  readonly tls: TlsFacts;
  readonly cookies: CookieFacts;
  readonly websocket: WebSocketFacts;
  readonly 'xhr-streaming': TransportFacts;
  readonly eventsource: TransportFacts;
  readonly 'xhr-polling': TransportFacts;
  readonly nodes: NodesFacts;
  readonly hold: HoldFacts;
  readonly 'stream-text': StreamFacts;
  readonly 'stream-events': StreamFacts;
  readonly 'post-size': SizeFacts;
  readonly 'websocket-size': SizeFacts;
  readonly webrtc: WebRtcFacts;
  readonly 'idle-websocket': IdleFacts;
  readonly 'idle-stream': IdleFacts;
  readonly life: LifeFacts;
}

export type CheckId = keyof FactsOf;

/** What is known so far; what was skipped is not there. */
export type Known = { readonly [Id in CheckId]?: FactsOf[Id] };
