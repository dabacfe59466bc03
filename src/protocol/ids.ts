/** The longest id of a session, turn, message or fact, in characters: made here or imported, in messages and commands. */
export const maxIdLength = 512;
