import { useEffect, useState } from 'preact/hooks';
import { Refused } from '../api/ask.ts';
import { retrying } from '../api/retrying.ts';

export type Loaded<T> =
	| { state: 'loading' }
	| { state: 'ready'; value: T }
	| { state: 'refused'; refusal: Refused };

const loading = { state: 'loading' } as const;

/** What the key names, tried again until there is an answer; what was there before a new key stays until then. */
export function useLoaded<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Loaded<T> {
	const [loaded, setLoaded] = useState<Loaded<T>>(loading);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the key says what the work loads.
	useEffect(() => {
		const end = new AbortController();
		retrying(() => work(end.signal), end.signal).then(
			(value) => !end.signal.aborted && setLoaded({ state: 'ready', value }),
			(error) => {
				if (end.signal.aborted) return;
				if (!(error instanceof Refused)) throw error;
				setLoaded({ state: 'refused', refusal: error });
			},
		);
		return () => end.abort();
	}, [key]);
	return loaded;
}
