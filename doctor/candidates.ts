/**
 * The kinds of WebRTC candidates this browser finds without any server of ours: `host` at least, unless WebRTC is
 * forbidden. Resolves early when the signal fires.
 */
export async function gatherCandidates(signal: AbortSignal): Promise<readonly string[]> {
  const peer = new RTCPeerConnection();
  const kinds = new Set<string>();
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
      peer.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate === null) resolve();
        else if (candidate.type !== null) kinds.add(candidate.type);
      });
      peer.createDataChannel('doctor');
      peer.setLocalDescription().catch(reject);
    });
  } finally {
    peer.close();
  }
  return [...kinds];
}
