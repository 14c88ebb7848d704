import { useEffect, useState } from 'preact/hooks';

/** The time, every so often while somebody looks. */
export function useNow(everyMs: number): number {
	const [now, setNow] = useState(Date.now);
	useEffect(() => {
		const look = () => document.visibilityState === 'visible' && setNow(Date.now());
		const timer = setInterval(look, everyMs);
		document.addEventListener('visibilitychange', look);
		return () => {
			clearInterval(timer);
			document.removeEventListener('visibilitychange', look);
		};
	}, [everyMs]);
	return now;
}
