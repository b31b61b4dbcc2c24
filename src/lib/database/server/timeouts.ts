/*
 * Time limits for everything that waits for the database, in milliseconds. Each limit is a little longer than the one
 * within it.
 */

/** The limit for making a connection. The wait for a free one of the pool counts too. */
export const connectTimeoutMs = 12_000;

/** The server ends a statement that takes longer. */
const statementTimeoutMs = 20_000;

/**
 * After this time a statement without an answer is given up, with its connection: the server hangs, or the network is
 * down.
 */
export const queryTimeoutMs = 22_000;

/** After this time a request to Auth or the data API without an answer is given up. */
export const requestTimeoutMs = 25_000;

/**
 * Sets these limits for the session. It is sent as a statement, because poolers refuse such settings when a connection
 * is opened.
 */
export const limitSession = `set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = ${statementTimeoutMs}`;
