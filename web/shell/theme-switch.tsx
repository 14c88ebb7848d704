import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { setTheme, storedTheme, themes } from './theme.ts';

const icons = { auto: 'auto', light: 'sun', dark: 'moon' } as const;
const words = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function ThemeSwitch() {
	const [theme, show] = useState(storedTheme);
	const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'auto';
	const change = () => {
		setTheme(next);
		show(next);
	};
	return (
		<button
			type="button"
			class="icon-button"
			title={`Colours: ${words[theme]}. Change to: ${words[next]}`}
			onClick={change}
		>
			<Icon name={icons[theme]} />
			<span class="unshown">Colours: {words[theme]}</span>
		</button>
	);
}
