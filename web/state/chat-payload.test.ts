import { describe, expect, it } from 'vitest';
import { newCid, readPayload } from './chat-payload.ts';

describe('readPayload', () => {
  it('reads chat objects and plain strings as text, anything else as JSON', () => {
    const cid = newCid();
    expect(readPayload({ text: 'from the app', cid })).toEqual({ text: 'from the app', cid, isText: true });
    expect(readPayload('from a script')).toEqual({ text: 'from a script', cid: null, isText: true });
    expect(readPayload({ topic: 'soup' })).toEqual({ text: '{"topic":"soup"}', cid: null, isText: false });
    expect(readPayload(null)).toMatchObject({ text: 'null', isText: false });
    expect(readPayload(undefined)).toMatchObject({ text: '', isText: false });
  });

  it('takes no id that could be guessed or mistaken for a key of the log', () => {
    for (const cid of ['short', '#1', '0:1', 7, 'x'.repeat(65)]) {
      expect(readPayload({ text: 'hi', cid })).toEqual({ text: 'hi', cid: null, isText: true });
    }
  });
});
