import { headline, type State } from './state.ts';

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
	const title = `Verifeed ${state.process}`;
	const bad = state.down.length > 0 ? ' class="bad"' : '';
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="10">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p${bad}>${escaped(headline(state))}</p>
<p>Up since ${escaped(state.since)} (${escaped(state.upFor)}), version ${escaped(state.version)}.</p>
${state.sections.map(asTable).join('\n')}
<p>More: <a href="/metrics">/metrics</a>, <a href="/livez">/livez</a>, <a href="/readyz">/readyz</a></p>
</body>
</html>
`;
}

function asTable({ title, facts }: State['sections'][number]): string {
	const rows = facts.map(({ label, value, bad }) => {
		const marked = bad ? ' class="bad"' : '';
		return `<tr><th scope="row">${escaped(label)}</th><td${marked}>${escaped(value)}</td></tr>`;
	});
	return `<h2>${escaped(title)}</h2>\n<table>\n${rows.join('\n')}\n</table>`;
}

const entities: Readonly<Record<string, string>> = {
	...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
	return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
