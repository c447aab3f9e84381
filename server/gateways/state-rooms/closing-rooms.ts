/** Rooms that were closed and whose clients have not all hung up yet: nobody says hello to them. */
export class ClosingRooms {
  readonly #clients = new Map<string, number>();

  has(room: string): boolean {
    return this.#clients.has(room);
  }

  /** One more client that has to hang up. The function that comes back, called once, says that it has. */
  add(room: string): () => void {
    this.#clients.set(room, (this.#clients.get(room) ?? 0) + 1);
    return () => {
      const left = (this.#clients.get(room) ?? 0) - 1;
      if (left > 0) this.#clients.set(room, left);
      else this.#clients.delete(room);
    };
  }
}
