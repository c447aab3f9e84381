import { encodeJsonFrame } from '../../../protocol/tokens.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Format } from '../../hub/member.ts';
import { MESSAGE, type Publication } from '../../hub/publication.ts';
import { publicationText } from '../publication-text.ts';

/** What broker clients get of a publication: its text, and nothing of who said it (S4 §2). */
export class TokenFormat implements Format<PreparedMessage> {
  readonly #hasJsonFrames: boolean;
  #text: string | undefined;
  #prepared: PreparedMessage | undefined;

  /** `hasJsonFrames`: the bytes of the original instead of the text itself (S4 §1.2). */
  constructor(hasJsonFrames: boolean) {
    this.#hasJsonFrames = hasJsonFrames;
  }

  encode({ kind, data }: Publication): PreparedMessage | undefined {
    return kind === MESSAGE ? this.prepare(publicationText(data)) : undefined;
  }

  /**
   * A text as it leaves. The last one is remembered: a message for many tokens is published in the room of
   * each, and must not be prepared as often.
   */
  prepare(text: string): PreparedMessage {
    if (this.#prepared === undefined || this.#text !== text) {
      this.#text = text;
      this.#prepared = new PreparedMessage(this.#hasJsonFrames ? encodeJsonFrame(text) : text);
    }
    return this.#prepared;
  }
}
