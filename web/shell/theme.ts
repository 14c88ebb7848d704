export const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const place = 'theme';

export function storedTheme(): Theme {
	const stored = withStorage((storage) => storage.getItem(place));
	return themes.find((theme) => theme === stored) ?? 'auto';
}

export function setTheme(theme: Theme): void {
	const { dataset } = document.documentElement;
	if (theme === 'auto') delete dataset['theme'];
	else dataset['theme'] = theme;
	withStorage((storage) => storage.setItem(place, theme));
}

/** Browsers can be told to let no page store anything. */
function withStorage<T>(work: (storage: Storage) => T): T | null {
	try {
		return work(localStorage);
	} catch {
		return null;
	}
}
