/** What a key does; a view adds its own while it is shown. */
export const keyHelp = [
	['/', 'type an address'],
	['t', 'filter the files'],
	['f', 'search in all files'],
	['n', 'next hit'],
	['p', 'previous hit'],
	['l', 'go to a line'],
	['y', 'copy a link to here, with the lines'],
	['?', 'all keys'],
	['Esc', 'close, or leave a field'],
] as const;

export type Key = Exclude<(typeof keyHelp)[number][0], 'Esc'>;

const actions = new Map<Key, () => void>();

/** The newest action of a key is the one that counts; what is returned takes it away. */
export function onKey(key: Key, action: () => void): () => void {
	actions.set(key, action);
	return () => {
		if (actions.get(key) === action) actions.delete(key);
	};
}

export function listenToKeys(): void {
	document.addEventListener('keydown', (event) => {
		if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
		const { target } = event;
		const isTyping =
			target instanceof HTMLElement && target.matches('input, textarea, select, dialog *');
		if (event.key === 'Escape' && target instanceof HTMLElement && isTyping) target.blur();
		const action = isTyping ? undefined : actions.get(event.key as Key);
		if (!action) return;
		event.preventDefault();
		action();
	});
}
