import { describeEngine } from '../engine.contract.ts';
import { MemoryEngine } from './memory-engine.ts';

describeEngine('MemoryEngine', async () => new MemoryEngine());
