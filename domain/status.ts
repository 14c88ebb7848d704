/** Where a contract stands between its submission and its source. */
export const statuses = ['CREATED', 'PROCESS', 'SUCCESS', 'ERROR'] as const;
export type Status = (typeof statuses)[number];

/** The only legal moves; PROCESS to PROCESS is an attempt that ended or began. */
const moves = {
	CREATED: ['PROCESS'],
	PROCESS: ['PROCESS', 'SUCCESS', 'ERROR'],
	SUCCESS: ['CREATED'],
	ERROR: ['CREATED'],
} as const satisfies Record<Status, readonly Status[]>;

export function mayMove(from: Status | null, to: Status): boolean {
	if (from === null) return to === 'CREATED';
	const allowed: readonly Status[] = moves[from];
	return allowed.includes(to);
}

export function isFinal(status: Status): status is 'SUCCESS' | 'ERROR' {
	return status === 'SUCCESS' || status === 'ERROR';
}
