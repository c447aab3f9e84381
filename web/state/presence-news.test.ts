import { describe, expect, it } from 'vitest';
import { newsOf } from './presence-news.ts';

const ann = { id: 'a', name: 'Ann' };
const bob = { id: 'b', name: 'Bob' };
const cat = { id: 'c', name: 'Cat' };
const before = new Map([ann, bob].map(({ id, name }) => [id, name]));

describe('newsOf', () => {
  it('tells comings and goings apart, and goings by how they came about', () => {
    const leaves = [
      { ...bob, cause: 'timeout' as const },
      { ...ann, cause: 'closed' as const },
    ];
    const { passages } = newsOf({ joins: [cat], leaves }, before, null);
    expect([...passages]).toEqual([
      ['lost', ['Bob']],
      ['left', ['Ann']],
      ['joined', ['Cat']],
    ]);
  });

  it('takes another name for what it is, also where it came with a leave', () => {
    const renamed = { id: 'b', name: 'Robert' };
    const expected = { passages: new Map(), renames: [{ from: 'Bob', to: 'Robert' }] };
    expect(newsOf({ joins: [renamed], leaves: [] }, before, null)).toEqual(expected);
    expect(newsOf({ joins: [renamed], leaves: [bob] }, before, null)).toEqual(expected);
  });

  it('says nothing of whoever is as before, nor of the user', () => {
    const change = { joins: [{ ...bob, info: { hat: 'red' } }, cat], leaves: [cat] };
    expect(newsOf(change, before, 'c')).toEqual({ passages: new Map(), renames: [] });
  });
});
