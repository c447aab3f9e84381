/** `Exported 1 room and 12 messages.` */
export function describeCount(
  what: string,
  { rooms, messages }: { readonly rooms: number; readonly messages: number },
): string {
  return `${what} ${count(rooms, 'room')} and ${count(messages, 'message')}.`;
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`;
}
