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

const style = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222; background: #fff }
h1 { font-size: 1.4rem } h2 { font-size: 1.05rem; margin: 1.5rem 0 .25rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; font-weight: normal; vertical-align: top; padding: .2rem 1rem .2rem 0; border-top: 1px solid #ddd }
th { width: 16rem; color: #555 }
.bad { color: #b00020; font-weight: bold }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616 } th { color: #aaa } th, td { border-color: #333 } .bad { color: #ff7b88 } }
`;

/** Nothing but this page itself is loaded, and no script runs. */
export const pagePolicy =
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For a browser, which asks for it again every ten seconds. */
export function asPage(state: State): string {
	const title = `Verifeed ${escaped(state.process)}`;
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<p${marked(state.down.length > 0)}>${escaped(headline(state))}</p>
<p>Up since ${escaped(state.since)} (${escaped(state.upFor)}), version ${escaped(state.version)}.</p>
${state.sections.map(asTable).join('\n')}
<p>More: <a href="/metrics">/metrics</a>, <a href="/livez">/livez</a>, <a href="/readyz">/readyz</a></p>
</body>
</html>
`;
}

function asTable({ title, facts }: State['sections'][number]): string {
	const rows = facts.map(
		({ label, value, bad }) =>
			`<tr><th scope="row">${escaped(label)}</th><td${marked(bad)}>${escaped(value)}</td></tr>`,
	);
	return `<h2>${escaped(title)}</h2>\n<table>\n${rows.join('\n')}\n</table>`;
}

function marked(bad: boolean): string {
	return bad ? ' class="bad"' : '';
}

const entities: Readonly<Record<string, string>> = {
	...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
