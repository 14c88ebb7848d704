export interface Load {
	/** Submissions a second. */
	rate: number;
	seconds: number;
	clients: number;
	/** Of one client, for each of the kinds there are many of: no more of a kind than these wait for answers at once. */
	connections: number;
	/** Whether the warm-up has filled the cache before. */
	cache: 'cold' | 'warm';
}

/** Demanded of 99 of 100 answers, in milliseconds; what takes no longer still belongs to the time of the load. */
export const boundMs = 250;

/** How many seconds after the last submission everything has to be finished. */
export const finishWithin = 180;
