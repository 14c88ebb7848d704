const publicMirror = 'http://deb.debian.org/debian';

/** The Debian mirror that the machine's own apt uses for its release, from its sources files; else the public one. */
export function mirrorFrom(sources: readonly string[], osRelease: string): string {
	const release = new Map(
		[...osRelease.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, name, value]) => [name, value]),
	);
	const codename = release.get('VERSION_CODENAME');
	// Another distribution's mirror does not have Debian's releases.
	if (release.get('ID') !== 'debian' || !codename) return publicMirror;
	const entries = sources.flatMap((text) => [...oneLine(text), ...stanzas(text)]);
	const found = entries.find(
		({ suites, uri }) => suites.includes(codename) && /^https?:/.test(uri),
	);
	return found?.uri.replace(/\/+$/, '') ?? publicMirror;
}

type Entry = { uri: string; suites: string[] };

/** `deb [options] URI suite component...` */
function oneLine(text: string): Entry[] {
	const lines = text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b/gm);
	return [...lines].map(([, uri = '', suite = '']) => ({ uri, suites: [suite] }));
}

/** The newer format: fields, and an empty line between entries. */
function stanzas(text: string): Entry[] {
	return text.split(/\n\s*\n/).flatMap((stanza) => {
		const field = (name: string) =>
			(new RegExp(`^${name}:(.*)$`, 'im').exec(stanza)?.[1] ?? '').trim().split(/\s+/);
		const isMain = field('Types').includes('deb') && field('Components').includes('main');
		const [uri] = field('URIs');
		return isMain && uri ? [{ uri, suites: field('Suites') }] : [];
	});
}
