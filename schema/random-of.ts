/** Any of them, each as likely as the others. */
export function randomOf<T>(choices: readonly T[]): T {
	const chosen = choices[Math.floor(Math.random() * choices.length)];
	if (chosen === undefined) throw new Error('there is nothing to choose from');
	return chosen;
}
