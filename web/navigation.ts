import { useEffect, useState } from 'preact/hooks';
import { routeOf } from './route.ts';

const moved = new EventTarget();

/** What goes along with a move: that whoever made it asked for a download. */
export interface Intent {
	submit?: boolean;
}

export function navigate(
	href: string,
	{ replace = false, intent = {} }: { replace?: boolean; intent?: Intent } = {},
): void {
	if (replace) history.replaceState(intent, '', href);
	else history.pushState(intent, '', href);
	moved.dispatchEvent(new Event('move'));
}

/** Takes the intent of the current place, so that a reload or a step back does not repeat it. */
export function takeIntent(): Intent {
	const intent = (history.state ?? {}) as Intent;
	if (intent.submit) history.replaceState(null, '');
	return intent;
}

export function useHref(): string {
	const [href, setHref] = useState(location.href);
	useEffect(() => {
		const look = () => setHref(location.href);
		moved.addEventListener('move', look);
		addEventListener('popstate', look);
		return () => {
			moved.removeEventListener('move', look);
			removeEventListener('popstate', look);
		};
	}, []);
	return href;
}

/** Links between the page's own views need no load. */
export function followLinks(): void {
	document.addEventListener('click', (event) => {
		const link = event.target instanceof Element ? event.target.closest('a') : null;
		if (!link || event.defaultPrevented || event.button !== 0) return;
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
		if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
		if (!routeOf(new URL(link.href))) return;
		event.preventDefault();
		navigate(link.href);
	});
}
