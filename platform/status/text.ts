import { headline, type State } from './state.ts';

/** For a terminal; what somebody should look at is marked with `!`. */
export function asText(state: State): string {
	const lines = [
		headline(state),
		`Up since ${state.since} (${state.upFor}), version ${state.version}.`,
		...state.sections.flatMap(({ title, facts }) => [
			'',
			title,
			...facts.map(({ label, value, bad }) => `${bad ? '!' : ' '} ${label.padEnd(34)} ${value}`),
		]),
		'',
		'More: /metrics, /livez, /readyz',
	];
	return `${lines.join('\n')}\n`;
}
