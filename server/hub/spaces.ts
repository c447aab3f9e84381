/** The space of rooms with many doors: topics, `/layout` and whoever else speaks of plain rooms (CONTRACT §3). */
export const SHARED_SPACE = 'rooms';
