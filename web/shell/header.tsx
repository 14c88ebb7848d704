import { AddressField } from '../field/address-field.tsx';
import type { Route } from '../route.ts';
import { Logo } from './logo.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function Header({ route, onHelp }: { route: Route | null; onHelp(): void }) {
	const isHome = route?.view === 'home';
	return (
		<header class="header">
			<a class="brand" href="/" aria-label="verifeed, to the start">
				<Logo />
				<span>verifeed</span>
			</a>
			{!isHome && <AddressField chain={route?.chain ?? '1'} isSmall />}
			<nav class="header-links" aria-label="Site">
				<a href="/">Recent</a>
				<a href="/graphql">API</a>
				<ThemeSwitch />
				<button type="button" class="icon-button" title="Keys (?)" onClick={onHelp}>
					<span aria-hidden="true">?</span>
					<span class="unshown">Keys</span>
				</button>
			</nav>
		</header>
	);
}
