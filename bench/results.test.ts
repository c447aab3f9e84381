import { describe, expect, it } from 'vitest';
import type { CellResult } from './cell.ts';
import { judge } from './goals.ts';
import { Results } from './results.ts';
import type { SubjectName } from './subjects.ts';

function results(costs: Partial<Record<SubjectName, number[]>>): Results {
  const all = new Results();
  for (const [subject, list] of Object.entries(costs) as [SubjectName, number[]][]) {
    list.forEach((perOperation, repetition) => {
      all.add({ scenario: 'fan-out', subject, repetition, result: { perOperation } as CellResult });
    });
  }
  return all;
}

describe('Results#ratio', () => {
  it('compares within each repetition before it takes the middle', () => {
    // The second repetition ran on a busier machine: both sides cost ten times as much.
    const all = results({ roomplex: [1, 20, 3], 'ws-preframed': [2, 20, 4] });
    expect(all.ratio('fan-out', 'roomplex', 'ws-preframed')).toBe(0.75);
  });

  it('leaves out repetitions that one side has no result for', () => {
    const all = results({ roomplex: [1, 9], 'ws-preframed': [2] });
    expect(all.ratio('fan-out', 'roomplex', 'ws-preframed')).toBe(0.5);
  });
});

describe('judge', () => {
  it('calls a goal met at its very limit and missed above', () => {
    const all = results({ roomplex: [1], 'ws-preframed': [1], 'sockjs-multiplex': [2] });
    expect(judge(all)).toMatchObject([
      { peer: 'ws-preframed', ratio: 1, isMet: true },
      { peer: 'sockjs-multiplex', ratio: 0.5, isMet: false },
    ]);
  });

  it('says nothing of goals that were not measured', () => {
    expect(judge(results({ roomplex: [1] }))).toEqual([]);
  });
});
