import { beforeEach, describe, expect, it } from 'vitest';
import { RoomplexError } from '../../client/index.ts';
import { KeptState } from './kept-state.fixture.ts';
import { type EditIntent, StateEdit } from './state-edit.ts';

let state: KeptState;

function edit(intent: EditIntent, key?: string): StateEdit {
  const entry = key === undefined ? null : (state.entry(key) ?? null);
  return new StateEdit(
    intent,
    entry,
    () => state,
    () => undefined,
  );
}

beforeEach(async () => {
  state = new KeptState();
  await state.set('topic', 'tea');
});

describe('StateEdit', () => {
  it('adds a key, as a text or as JSON', async () => {
    const one = edit('add');
    one.name('mood');
    one.type('{"level":3}');
    await one.save();
    expect(one.phase).toBe('done');
    const other = edit('add');
    other.name('note');
    other.choose('text');
    other.type('{"level":3}');
    await other.save();
    expect(state.entries().map(({ value }) => value)).toEqual(['tea', { level: 3 }, '{"level":3}']);
  });

  it('tells what is wrong before anything is sent', async () => {
    const added = edit('add');
    added.type('1');
    await added.save();
    expect(added).toMatchObject({ phase: 'editing', problem: 'Give the key a name.' });
    added.name('mood');
    added.type('{oops}');
    await added.save();
    expect(added.problem).toMatch(/^This is not JSON: /);
    added.type('{}');
    expect(added.problem).toBeNull();
    expect(state.revision.rev).toBe(1);
  });

  it('begins with the value as it would be typed', () => {
    expect(edit('change', 'topic')).toMatchObject({ typed: 'tea', mode: 'text', key: 'topic' });
  });

  it('shows what others left instead of replacing it', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    expect(mine.isOutdated).toBe(false);
    await state.set('topic', 'stew');
    expect(mine.isOutdated).toBe(true);
    await mine.save();
    expect(mine).toMatchObject({ phase: 'conflict', theirs: { key: 'topic', value: 'stew', rev: 2 } });
    expect(state.entry('topic')?.value).toBe('stew');
    await mine.overwrite();
    expect(mine.phase).toBe('done');
    expect(state.entry('topic')).toMatchObject({ value: 'soup', rev: 3 });
  });

  it('is in conflict again when others are faster again', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    await state.set('topic', 'stew');
    await mine.save();
    await state.set('topic', 'broth');
    await mine.overwrite();
    expect(mine).toMatchObject({ phase: 'conflict', theirs: { value: 'broth' } });
  });

  it('replaces after another edit what was shown in the conflict', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    await state.set('topic', 'stew');
    await mine.save();
    mine.editAgain();
    expect(mine).toMatchObject({ phase: 'editing', typed: 'soup', isOutdated: false });
    expect(mine.theirs?.value).toBe('stew');
    mine.type('stew with soup');
    await mine.save();
    expect(state.entry('topic')?.value).toBe('stew with soup');
  });

  it('knows a key that is gone, and can bring it back', async () => {
    const mine = edit('change', 'topic');
    await state.delete('topic');
    expect(mine.isOutdated).toBe(true);
    mine.type('soup');
    await mine.save();
    expect(mine).toMatchObject({ phase: 'conflict', theirs: { key: 'topic', rev: 2 } });
    mine.editAgain();
    expect(mine.isOutdated).toBe(false);
    await mine.save();
    expect(state.entry('topic')?.value).toBe('soup');
  });

  it('meets a key that is there already when it adds one', async () => {
    const added = edit('add');
    added.name('topic');
    added.type('"soup"');
    await added.save();
    expect(added).toMatchObject({ phase: 'conflict', theirs: { value: 'tea' } });
    await added.overwrite();
    expect(state.entry('topic')?.value).toBe('soup');
  });

  it('removes a key only as it was seen', async () => {
    const removal = edit('remove', 'topic');
    await state.set('topic', 'stew');
    await removal.save();
    expect(removal).toMatchObject({ phase: 'conflict', theirs: { value: 'stew' } });
    await removal.overwrite();
    expect(state.entry('topic')).toBeUndefined();
  });

  it('is done when others did the same', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    await state.set('topic', 'soup');
    await mine.save();
    expect(mine.phase).toBe('done');
    const removal = edit('remove', 'topic');
    await state.delete('topic');
    await removal.save();
    expect(removal.phase).toBe('done');
    expect(state.revision.rev).toBe(3);
  });

  it('does not take a revision of another stream for its own', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    state.startOver();
    await state.set('topic', 'another tea');
    expect(mine.isOutdated).toBe(true);
    await mine.save();
    expect(mine).toMatchObject({ phase: 'conflict', theirs: { value: 'another tea', rev: 1 } });
    await mine.overwrite();
    expect(state.entry('topic')?.value).toBe('soup');
  });

  it('says why it was not saved, or that nobody knows', async () => {
    const mine = edit('change', 'topic');
    mine.type('soup');
    state.failure = new RoomplexError('forbidden', 'only the cook may');
    await mine.save();
    expect(mine).toMatchObject({ phase: 'editing', problem: 'Not saved: only the cook may.' });
    state.failure = new RoomplexError('unknown-outcome', 'the answer was lost');
    await mine.save();
    expect(mine.problem).toMatch(/^Nobody can say whether this was saved/);
    await mine.save();
    expect(mine.phase).toBe('done');
  });
});
