/* How long anything waits for the database, in milliseconds. Each limit is a little longer than the one within it. */

/** A connection that is not made by then is not made. The wait for a free one of the pool counts too. */
export const connectTimeoutMs = 12_000;

/** The server ends a statement that takes longer. */
export const statementTimeoutMs = 20_000;

/** A statement without an answer by then is given up, with its connection: the server hangs, or the line is dead. */
export const queryTimeoutMs = 22_000;

/** A request to Auth or the data API without an answer by then is given up. */
export const requestTimeoutMs = 25_000;

/** What makes these limits the session's own. Sent as a statement: poolers refuse them when a connection is opened. */
export const limitSession = `set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = ${statementTimeoutMs}`;
