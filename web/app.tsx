import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ContractPage } from './contract/contract-page.tsx';
import { Home } from './home/home.tsx';
import { ListPage } from './list/list-page.tsx';
import { useHref } from './navigation.ts';
import { copyText } from './parts/copy.tsx';
import { type Route, routeOf } from './route.ts';
import { Announcer, announce } from './shell/announce.tsx';
import { ConnectionBar } from './shell/connection-bar.tsx';
import { Header } from './shell/header.tsx';
import { Help } from './shell/help.tsx';
import { onKey } from './shell/keys.ts';
import { Nothing } from './shell/nothing.tsx';

export function App() {
	const href = useHref();
	const route = useMemo(() => routeOf(new URL(href)), [href]);
	const [hasHelp, setHelp] = useState(false);
	const main = useRef<HTMLElement>(null);
	const place = placeOf(route);
	const first = useRef(place);
	useEffect(() => onKey('?', () => setHelp(true)), []);
	useEffect(() => onKey('y', copyLink), []);
	// Another view is read from its beginning; another file of the same contract is not.
	useEffect(() => {
		if (first.current === place) return;
		first.current = place;
		scrollTo(0, 0);
		main.current?.focus({ preventScroll: true });
	}, [place]);
	return (
		<>
			<a class="skip" href="#main">
				Skip to content
			</a>
			<ConnectionBar />
			<Header route={route} onHelp={() => setHelp(true)} />
			<main id="main" ref={main} tabIndex={-1} class={`view-${route?.view ?? 'none'}`}>
				<View route={route} key={place} />
			</main>
			<Announcer />
			{hasHelp && <Help onClose={() => setHelp(false)} />}
		</>
	);
}

function View({ route }: { route: Route | null }) {
	if (route?.view === 'home') return <Home />;
	if (route?.view === 'list') return <ListPage route={route} />;
	if (route?.view === 'contract') return <ContractPage route={route} />;
	return <Nothing />;
}

function placeOf(route: Route | null): string {
	if (route?.view === 'contract') return `${route.chain}/${route.address}`;
	if (route?.view === 'list') return `list ${route.chain} ${route.addresses.join()}`;
	return route?.view ?? 'none';
}

function copyLink(): void {
	void copyText(location.href).then(() => announce('link copied'));
}
