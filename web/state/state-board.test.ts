import { beforeEach, describe, expect, it } from 'vitest';
import type { RoomStateChange, StateEntry } from '../../client/index.ts';
import { KeptState } from './kept-state.fixture.ts';
import { StateBoard } from './state-board.ts';

const NAMES = new Map([['b', 'Bob']]);

let state: KeptState;
let board: StateBoard;

function told(entries: readonly StateEntry[], by: string | null = 'b'): void {
  const change: RoomStateChange = { room: 'r', entries, by, ...state.revision };
  board.note(change, (id) => NAMES.get(id) ?? null);
}

beforeEach(async () => {
  state = new KeptState();
  board = new StateBoard(() => undefined);
  await state.set('topic', 'tea');
  await state.set('mood', 'fine');
  board.show(state);
});

describe('StateBoard', () => {
  it('shows what is there, as unchanged', () => {
    expect(board.rows).toEqual([
      { key: 'topic', value: 'tea', rev: 1, change: null, edit: null },
      { key: 'mood', value: 'fine', rev: 2, change: null, edit: null },
    ]);
    expect(board.latest).toBeNull();
  });

  it('says of every change who made it, each time anew', async () => {
    await state.set('topic', 'soup');
    told([{ key: 'topic', value: 'soup', rev: 3 }]);
    const [first] = board.rows;
    expect(first).toMatchObject({ value: 'soup', change: { by: 'Bob' } });
    expect(board.latest).toEqual({ by: 'Bob', keys: ['topic'], isRemoval: false });
    told([{ key: 'topic', value: 'stew', rev: 4 }], 'a stranger');
    const [second] = board.rows;
    expect(second?.change?.by).toBeNull();
    expect(second?.change?.turn).not.toBe(first?.change?.turn);
  });

  it('keeps the row of what has not changed, so that it need not be shown again', async () => {
    const before = board.rows;
    expect(board.rows).toBe(before);
    await state.set('topic', 'soup');
    told([{ key: 'topic', value: 'soup', rev: 3 }]);
    expect(board.rows[0]).not.toBe(before[0]);
    expect(board.rows[1]).toBe(before[1]);
    board.edit('mood', 'change');
    const edited = board.rows[1];
    edited?.edit?.type('better');
    expect(board.rows[1]).not.toBe(edited);
    expect(board.rows[1]?.edit).toBe(edited?.edit);
  });

  it('tells removals, and forgets who changed what is gone', async () => {
    told([{ key: 'topic', value: 'tea', rev: 1 }]);
    await state.delete('topic');
    told([{ key: 'topic', rev: 3 }], null);
    expect(board.rows.map(({ key }) => key)).toEqual(['mood']);
    expect(board.latest).toEqual({ by: null, keys: ['topic'], isRemoval: true });
    await state.set('topic', 'back');
    board.show(state);
    expect(board.rows.find(({ key }) => key === 'topic')?.change).toBeNull();
  });

  it('keeps the row of a key that is edited, also when the key is gone', async () => {
    board.edit('topic', 'change');
    await state.delete('topic');
    told([{ key: 'topic', rev: 3 }]);
    const row = board.rows.find(({ key }) => key === 'topic');
    expect(row).toMatchObject({ value: undefined, edit: { intent: 'change', typed: 'tea' } });
    if (row?.edit) board.close(row.edit);
    expect(board.rows.map(({ key }) => key)).toEqual(['mood']);
  });

  it('closes an edit that is done', async () => {
    board.edit('topic', 'change');
    const [row] = board.rows;
    row?.edit?.type('soup');
    await row?.edit?.save();
    expect(board.rows[0]).toMatchObject({ value: 'soup', edit: null });
    board.add();
    board.addition?.name('count');
    board.addition?.type('1');
    await board.addition?.save();
    expect(board.addition).toBeNull();
    expect(board.rows).toHaveLength(3);
  });

  it('edits nothing that is not there', () => {
    board.edit('nothing', 'remove');
    expect(board.rows.every(({ edit }) => edit === null)).toBe(true);
  });
});
