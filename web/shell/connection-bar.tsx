import { useEffect, useState } from 'preact/hooks';
import { isLost, reachChanges } from '../api/reach.ts';

/** Lies over the page, so that nothing moves when it comes and goes. */
export function ConnectionBar() {
	const [isCut, setCut] = useState(isLost);
	const [isOnline, setOnline] = useState(navigator.onLine);
	useEffect(() => {
		const look = () => {
			setCut(isLost());
			setOnline(navigator.onLine);
		};
		reachChanges.addEventListener('change', look);
		addEventListener('online', look);
		addEventListener('offline', look);
		return () => {
			reachChanges.removeEventListener('change', look);
			removeEventListener('online', look);
			removeEventListener('offline', look);
		};
	}, []);
	const isShown = isCut || !isOnline;
	return (
		<div class={`connection ${isShown ? 'connection-lost' : ''}`} role="status">
			{isShown && (
				<p>
					{isOnline
						? 'The server can’t be reached. What you see stays; it goes on by itself.'
						: 'You are offline. What you see stays; it goes on by itself.'}
				</p>
			)}
		</div>
	);
}
