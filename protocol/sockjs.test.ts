import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayFrame, closeFrame, decodeClientPayload, decodeServerFrame, quoteMessage } from './sockjs.ts';

const FRAGILE = /[\ud800-\udfff\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/g;
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

describe('server frames', () => {
  it('carry any messages to the client unchanged', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (messages) => {
        const frame = arrayFrame(messages.map(quoteMessage));
        expect(decodeServerFrame(frame)).toEqual({ type: 'messages', messages });
      }),
    );
  });

  it('escape the code units that browsers and proxies mangle', () => {
    expect(quoteMessage('\u2028\ud83d\ude00\u200d\uffff')).toBe('"\\u2028\\ud83d\\ude00\\u200d\\uffff"');
  });

  it('carry a close code and reason', () => {
    expect(decodeServerFrame(closeFrame(3000, 'Go away!'))).toEqual({
      type: 'close',
      code: 3000,
      reason: 'Go away!',
    });
  });

  it.each(['', 'x', 'a', 'a{}', 'a[', 'c5', 'm5'])('are not found in %j', (text) => {
    expect(decodeServerFrame(text)).toBeUndefined();
  });

  it('never make the decoder throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const kind of ['', 'a', 'c', 'm']) decodeServerFrame(kind + text);
      }),
    );
  });
});

describe('decodeClientPayload', () => {
  it('reads an array of messages', () => {
    expect(decodeClientPayload('["a","b"]')).toEqual({
      type: 'messages',
      messages: ['a', 'b'],
      strangers: 0,
    });
  });

  it('reads one text between quotes as JSON does, or finds it broken as JSON does', () => {
    const some = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', ' ', '\n', 'é') }),
    );
    fc.assert(
      fc.property(some, (text) => {
        const payload = `["${text}"]`;
        let messages: unknown;
        try {
          messages = JSON.parse(payload);
        } catch {
          messages = undefined;
        }
        const decoded = decodeClientPayload(payload);
        expect(decoded.type === 'messages' ? decoded.messages : undefined).toEqual(messages);
        expect(quoteMessage(text)).toBe(JSON.stringify(text).replaceAll(FRAGILE, escaped));
      }),
    );
  });

  it('S2.26 reads a bare string as one message', () => {
    expect(decodeClientPayload('"sub,ann"')).toEqual({
      type: 'messages',
      messages: ['sub,ann'],
      strangers: 0,
    });
  });

  it('S2.25 counts elements that are no strings and keeps the others', () => {
    expect(decodeClientPayload('[123,"a",null,{"a":1}]')).toEqual({
      type: 'messages',
      messages: ['a'],
      strangers: 3,
    });
    expect(decodeClientPayload('{"a":1}')).toEqual({ type: 'messages', messages: [], strangers: 1 });
  });

  it('tells an empty frame from a broken one', () => {
    expect(decodeClientPayload('')).toEqual({ type: 'empty' });
    expect(decodeClientPayload('sub,ann')).toEqual({ type: 'broken' });
  });
});
