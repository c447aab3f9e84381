import {
  OVERVIEW_TOPIC,
  type Overview,
  type OverviewMessage,
  type RoomDetail,
} from '../../../protocol/overview.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { OpenGateway } from '../gateway.ts';

/** Where the overview comes from. */
export interface OverviewSource {
  overview(): Overview;
  /** `undefined` when there is no such room. */
  roomDetail(space: string, name: string): RoomDetail | undefined;
  /** True when the token opens the overview, or none is needed. */
  admits(token: string | undefined): boolean;
}

/** What a subscriber may ask for. */
interface Request {
  readonly token?: string;
  readonly watch?: { readonly space: string; readonly name: string } | null;
}

/** The dashboard's channel (protocol/overview.ts): one snapshot a second for all, while anyone looks. */
export class OverviewGateway implements OpenGateway {
  readonly name = OVERVIEW_TOPIC;
  readonly #source: OverviewSource;
  readonly #viewers = new Set<Viewer>();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: OverviewSource) {
    this.#source = source;
  }

  accept(connection: Connection): ConnectionHandler {
    const viewer = new Viewer(connection, this.#source, () => this.#admit(viewer));
    if (this.#source.admits(undefined)) this.#admit(viewer);
    else viewer.refuse();
    return {
      message: (text) => viewer.message(text),
      closed: () => this.#dismiss(viewer),
    };
  }

  #admit(viewer: Viewer): void {
    this.#viewers.add(viewer);
    viewer.show(new PreparedMessage(JSON.stringify(this.#source.overview())));
    this.#timer ??= setInterval(() => this.#showAll(), INTERVAL_MS).unref();
  }

  #dismiss(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #showAll(): void {
    const overview = new PreparedMessage(JSON.stringify(this.#source.overview()));
    for (const viewer of this.#viewers) viewer.show(overview);
  }
}

const INTERVAL_MS = 1000;

/** One subscriber of the overview. */
class Viewer {
  readonly #connection: Connection;
  readonly #source: OverviewSource;
  readonly #onAdmitted: () => void;
  #isAdmitted = false;
  #watched: { readonly space: string; readonly name: string } | undefined;

  constructor(connection: Connection, source: OverviewSource, onAdmitted: () => void) {
    this.#connection = connection;
    this.#source = source;
    this.#onAdmitted = onAdmitted;
  }

  show(overview: PreparedMessage): void {
    this.#isAdmitted = true;
    this.#connection.sendPrepared(overview);
    this.#showRoom();
  }

  refuse(): void {
    this.#say({ type: 'unauthorized' });
  }

  message(text: string): void {
    const request = parseRequest(text);
    if (request === undefined) return;
    if (!this.#isAdmitted) {
      if (request.token !== undefined && this.#source.admits(request.token)) this.#onAdmitted();
      else this.refuse();
    }
    if (!this.#isAdmitted || request.watch === undefined) return;
    this.#watched = request.watch ?? undefined;
    this.#showRoom();
  }

  #showRoom(): void {
    if (this.#watched === undefined) return;
    const { space, name } = this.#watched;
    const nobody: RoomDetail = { type: 'room', space, name, members: [], truncated: false };
    this.#say(this.#source.roomDetail(space, name) ?? nobody);
  }

  #say(message: OverviewMessage): void {
    this.#connection.send(JSON.stringify(message));
  }
}

function parseRequest(text: string): Request | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const token = 'token' in value && typeof value.token === 'string' ? { token: value.token } : {};
  if (!('watch' in value)) return token;
  const { watch } = value;
  if (watch === null) return { ...token, watch: null };
  if (typeof watch !== 'object' || !('space' in watch) || !('name' in watch)) return token;
  const { space, name } = watch;
  if (typeof space !== 'string' || typeof name !== 'string') return token;
  return { ...token, watch: { space, name } };
}
