/** How a process is, in words for a person. */
export interface State {
	process: string;
	/** Names of what it needs and cannot use now. */
	down: string[];
	/** How many facts somebody should look at. */
	concerns: number;
	version: string;
	since: string;
	upFor: string;
	sections: { title: string; facts: Fact[] }[];
}

export interface Fact {
	label: string;
	value: string;
	bad: boolean;
}

/** 1,234 or 0.25: as many digits as a person wants to read. */
export function number(value: number): string {
	const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
	return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** 12 ms, 3.4 s, 5 min, 3 h 12 min, 2 d 4 h. */
export function duration(seconds: number): string {
	if (seconds < 1) return `${number(Math.round(seconds * 10_000) / 10)} ms`;
	if (seconds < 60) return `${number(Math.round(seconds * 10) / 10)} s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	const hours = Math.floor(minutes / 60);
	return hours < 24
		? `${hours} h ${minutes % 60} min`
		: `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** In one sentence. */
function headline({ process, down, concerns }: State): string {
	if (down.length > 0)
		return `The ${process} cannot work whole: ${down.join(', ')} cannot be used.`;
	const are = concerns === 1 ? 'is not as it should be' : 'are not as they should be';
	if (concerns > 0) return `The ${process} works; ${concerns} of the facts below ${are}.`;
	return `The ${process} works, and nothing that is judged here is wrong.`;
}

/** For a terminal; what somebody should look at is marked with `!`. */
export function asText(state: State): string {
	const lines = [
		headline(state),
		`Up since ${state.since} (${state.upFor}), version ${state.version}.`,
		...state.sections.flatMap(({ title, facts }) => [
			...['', title],
			...facts.map(({ label, value, bad }) => `${bad ? '!' : ' '} ${label.padEnd(34)} ${value}`),
		]),
		...['', 'More: /metrics, /livez, /readyz', ''],
	];
	return lines.join('\n');
}

/** Nothing but this page itself is loaded, and no script runs. */
export const pagePolicy =
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The same for a browser, which asks for it again every ten seconds. */
export function asPage(state: State): string {
	const lines = escaped(asText(state)).replaceAll(/^!.*$/gm, '<b>$&</b>');
	return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10">
<title>Verifeed ${escaped(state.process)}</title>
<style>:root { color-scheme: light dark } b { color: light-dark(#b00020, #ff7b88) }</style>
<pre>${lines.replaceAll(/\/(?:metrics|livez|readyz)\b/g, '<a href="$&">$&</a>')}</pre>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
	...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
