/** What a server says that cannot take the statement now but will later. */
const passing = new Set([
	...['ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN', 'ER_QUERY_INTERRUPTED', 'ER_CHECKREAD'],
	...['ER_LOCK_WAIT_TIMEOUT', 'ER_LOCK_DEADLOCK', 'ER_DISK_FULL', 'ER_RECORD_FILE_FULL'],
	...['ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'],
	// The driver's word for a statement that was given up after its own time.
	...['ER_READ_ONLY_MODE', 'PROTOCOL_SEQUENCE_TIMEOUT'],
]);

/** Whether the database could not do it now, as against a fault in what it was asked. */
export function isOutage(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		// The driver's word for an error that ended the connection.
		if ('fatal' in cause && cause.fatal === true) return true;
		if ('code' in cause && typeof cause.code === 'string' && passing.has(cause.code)) return true;
	}
	return false;
}
