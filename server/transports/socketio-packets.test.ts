import { describe, expect, it } from 'vitest';
import { PreparedMessage } from '../connection/prepared-message.ts';
import { eventWire, textWire, withCallback } from './socketio-packets.ts';

const pack = (text: string): string =>
  eventWire('/layout')
    .pack([new PreparedMessage(text)])
    .map((packet) => packet.text)
    .join();

describe('a message to a namespace of events', () => {
  it('is the packet of that event, as it is', () => {
    for (const text of ['["EVENT",{"sender":"ann"}]', '["ACK",7]', '["ACK","x",{}]', '["ACK","socket.io"]']) {
      expect(pack(text)).toBe(`2/layout,${text}`);
    }
  });

  it('is an acknowledgement when a callback waits for it', () => {
    expect(pack('["ACK","socket.io/7"]')).toBe('3/layout,7[]');
    expect(pack('["ACK","socket.io/0",{"a":[1,"]"]}]')).toBe('3/layout,0[{"a":[1,"]"]}]');
    expect(pack('["ACK","socket.io/12",null]')).toBe('3/layout,12[null]');
  });

  it('names no id of ours in a refusal, and leaves the others alone', () => {
    const refusal = (id: unknown): string =>
      JSON.stringify(['ERROR', { event: 'JOIN', id, code: 'bad-request', reason: 'socket.io/7' }]);
    expect(pack(refusal('socket.io/7'))).toBe(`2/layout,${refusal(undefined)}`);
    for (const id of ['mine', 7, undefined, 'x socket.io/7']) {
      expect(pack(refusal(id))).toBe(`2/layout,${refusal(id)}`);
    }
    const nameless =
      '["ERROR",{"event":"\\"id\\":\\"socket.io/7\\",","id":"socket.io/7","code":"x","reason":"y"}]';
    expect(pack(nameless)).toBe(
      '2/layout,["ERROR",{"event":"\\"id\\":\\"socket.io/7\\",","code":"x","reason":"y"}]',
    );
  });

  it('is made once for all who get it, as text and as a WebSocket frame', () => {
    const wire = eventWire('/layout');
    const batch = wire.empty.with(new PreparedMessage('["A",1]')).with(new PreparedMessage('["B",2]'));
    expect(batch.packed()).toBe(batch.packed());
    const [first, second] = batch.packed();
    expect([first?.text, second?.text]).toEqual(['2/layout,["A",1]', '2/layout,["B",2]']);
    expect(first?.options.wsPreEncodedFrame).toBe(first?.options.wsPreEncodedFrame);
    expect(first?.options.wsPreEncodedFrame[0]?.toString('latin1')).toBe(
      '\u0081\u00114' + '2/layout,["A",1]',
    );
  });

  it('has a form in ASCII alone', () => {
    const [packet] = textWire('/service/größe').pack([new PreparedMessage('é, 日\n😀\uffff')]);
    expect(packet?.ascii).toBe('2/service/größe,["message","\\u00e9, \\u65e5\\n\\ud83d\\ude00\\uffff"]');
    const plain = pack('["A","plain"]');
    expect(eventWire('/layout').pack([new PreparedMessage('["A","plain"]')])[0]?.ascii).toBe(plain);
  });
});

describe('withCallback', () => {
  it('puts the id behind the last argument', () => {
    expect(withCallback('["JOIN",{"room":"r1"}]', '7')).toBe('["JOIN",{"room":"r1"},"socket.io/7"]');
    expect(withCallback('["JOIN"] \n', '0')).toBe('["JOIN","socket.io/0"]');
  });

  it('mends nothing that was broken', () => {
    for (const text of ['[]', '["JOIN"', '["JOIN",', '[[]', '[', '["JOIN"]]']) {
      expect(() => JSON.parse(withCallback(text, '7'))).toThrow();
    }
  });
});
