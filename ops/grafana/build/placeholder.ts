/** Text that Grafana fills in: a variable, the time of the board, or a field of the row. */
export function placeholder(name: string): string {
	return `\${${name}}`;
}
