import { defineCheck, skipped } from '../check-spec.ts';

const PATIENCE_MS = 3000;

export type WebRtcFacts = {
  /** Kinds of candidates: `host`, `srflx`, `relay`. */
  readonly candidates: readonly string[];
};

/** Whether calls from browser to browser could begin at all. */
export const webrtc = defineCheck({
  id: 'webrtc',
  title: 'WebRTC',
  async run(path) {
    const { gatherCandidates } = path.environment.extras;
    if (gatherCandidates === undefined) {
      const { kind } = path.environment.client;
      return skipped(kind === 'node' ? 'Only browsers have WebRTC.' : 'This browser has no WebRTC.');
    }
    const patience = new AbortController();
    const cancel = path.environment.clock.after(PATIENCE_MS, () => {
      patience.abort();
    });
    try {
      const candidates = await gatherCandidates(AbortSignal.any([path.signal, patience.signal]));
      if (candidates.length > 0)
        return { status: 'pass', detail: `Found: ${candidates.join(', ')}.`, facts: { candidates } };
    } catch {
      path.signal.throwIfAborted();
    } finally {
      cancel();
    }
    return { status: 'warn', detail: 'No way was found by which calls could go.', facts: { candidates: [] } };
  },
});
