import { describe, expect, it } from 'vitest';
import { Emitter } from './emitter.ts';

interface Events {
  word: (word: string) => void;
}

describe('Emitter', () => {
  it('calls listeners in the order they came, and no more once they are taken away', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    const stop = emitter.on('word', (word) => heard.push(`first ${word}`));
    emitter.on('word', (word) => heard.push(`second ${word}`));
    emitter.emit('word', 'a');
    stop();
    stop();
    emitter.emit('word', 'b');
    expect(heard).toEqual(['first a', 'second a', 'second b']);
  });

  it('counts the same function twice when it is added twice', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    const listener = (word: string): void => void heard.push(word);
    emitter.on('word', listener);
    const stop = emitter.on('word', listener);
    emitter.emit('word', 'a');
    stop();
    emitter.emit('word', 'b');
    expect(heard).toEqual(['a', 'a', 'b']);
  });

  it('goes on after a listener that throws, and reports its error', () => {
    const reported: unknown[] = [];
    const emitter = new Emitter<Events>((error) => reported.push(error));
    const heard: string[] = [];
    const fault = new Error('mine');
    emitter.on('word', () => {
      throw fault;
    });
    emitter.on('word', (word) => heard.push(word));
    emitter.emit('word', 'a');
    expect(heard).toEqual(['a']);
    expect(reported).toEqual([fault]);
  });

  it('does not call who was added or taken away by another listener meanwhile', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    emitter.on('word', () => {
      stop();
      emitter.on('word', (word) => heard.push(`late ${word}`));
    });
    const stop = emitter.on('word', (word) => heard.push(`gone ${word}`));
    emitter.emit('word', 'a');
    expect(heard).toEqual([]);
    emitter.emit('word', 'b');
    expect(heard).toEqual(['late b']);
  });
});
