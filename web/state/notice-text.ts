import { formatMany } from '../format.ts';
import type { ChatMessage, GapNotice, LogEntry, Passage } from './message-log.ts';

const PASSAGES: Readonly<Record<Passage, string>> = {
  joined: 'came in',
  left: 'left',
  lost: 'lost the connection',
  ejected: 'had to leave',
};

/** A notice of the log in words. */
export function describeNotice(notice: Exclude<LogEntry, ChatMessage>): string {
  switch (notice.kind) {
    case 'gap':
      return describeGap(notice);
    case 'rename':
      return `${notice.from} is now ${notice.to}`;
    case 'passage': {
      const others = notice.count - notice.names.length;
      const who = others > 0 ? [...notice.names, formatMany(others, 'other')] : notice.names;
      return `${LIST.format(who)} ${PASSAGES[notice.about]}`;
    }
  }
}

function describeGap({ reason, missing }: GapNotice): string {
  switch (reason) {
    case 'epoch-changed':
      return 'Messages may be missing here: the room started over';
    case 'rolled-back':
      return 'Messages may be missing here: the server lost the newest';
    case 'trimmed':
      return missing === null
        ? 'You missed messages that are no longer kept'
        : `You missed ${formatMany(missing, 'message')} that ${missing === 1 ? 'is' : 'are'} no longer kept`;
    case 'skipped':
    case 'unknown':
      return missing === null
        ? 'Messages may be missing here'
        : `${formatMany(missing, 'message')} ${missing === 1 ? 'is' : 'are'} missing here`;
  }
}

const LIST = new Intl.ListFormat('en');
