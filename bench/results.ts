import type { CellResult } from './cell.ts';
import type { ScenarioName } from './scenarios.ts';
import { median } from './statistics.ts';
import type { SubjectName } from './subjects.ts';

/** One measurement, or why there is none. */
export interface Cell {
  readonly scenario: ScenarioName;
  readonly subject: SubjectName;
  readonly repetition: number;
  readonly result?: CellResult;
  readonly failure?: string;
}

/** Cores that other programs kept busy during a measurement. */
export function disturbance({ othersMicros, wallMs }: CellResult): number {
  return othersMicros / 1000 / wallMs;
}

/** Everything a run has measured, and the questions asked of it. */
export class Results {
  readonly cells: Cell[] = [];

  add(cell: Cell): void {
    this.cells.push(cell);
  }

  get repetitions(): number {
    return new Set(this.cells.map(({ repetition }) => repetition)).size;
  }

  get failures(): Cell[] {
    return this.cells.filter((cell) => cell.failure !== undefined);
  }

  of(scenario: ScenarioName, subject: SubjectName): Cell[] {
    return this.cells.filter((cell) => cell.scenario === scenario && cell.subject === subject);
  }

  measured(scenario: ScenarioName, subject: SubjectName): CellResult[] {
    return this.of(scenario, subject).flatMap(({ result }) => result ?? []);
  }

  /** Cores that other programs kept busy while this was measured, in the middle case. */
  get disturbance(): number {
    return median(this.cells.flatMap(({ result }) => (result ? disturbance(result) : [])));
  }

  /**
   * How many times what `peer` costs does `subject` cost: the median of the repetitions' own ratios, because a
   * machine that gets busier between repetitions moves both sides of each. NaN where one is missing.
   */
  ratio(scenario: ScenarioName, subject: SubjectName, peer: SubjectName): number {
    const ratios = this.of(scenario, subject).flatMap(({ repetition, result }) => {
      const other = this.of(scenario, peer).find((cell) => cell.repetition === repetition)?.result;
      return result && other ? [result.perOperation / other.perOperation] : [];
    });
    return median(ratios);
  }
}
