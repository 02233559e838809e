/**
 * Must be imported first. The SDK takes a stack trace for every promise, which on a thousand resources costs seconds;
 * `FABRIC_DEBUG=1` leaves them on.
 */
if (process.env["FABRIC_DEBUG"] === undefined) Error.stackTraceLimit = 0;
