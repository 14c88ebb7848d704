import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { styleText } from 'node:util';

export type Printer = {
	/** One line of somebody, with the name in front. */
	line(name: string, text: string): void;
	/** Every line of a stream as it comes; what it returns grows to the newest `tailLength` of them. */
	follow(name: string, ...streams: readonly (Readable | null)[]): readonly string[];
};

const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'red'] as const;
const nameWidth = 8;
export const tailLength = 20;

/** Prefixes lines with who says them, so that several processes can share one terminal. */
export function createPrinter(write: (text: string) => void, coloured: boolean): Printer {
	const names: string[] = [];
	const line = (name: string, text: string) => write(`${prefix(name)} ${text}\n`);
	function prefix(name: string): string {
		if (!names.includes(name)) names.push(name);
		const text = `${name.padEnd(nameWidth)} |`;
		const colour = colours[names.indexOf(name) % colours.length] ?? 'cyan';
		return coloured ? styleText(colour, text, { validateStream: false }) : text;
	}
	return {
		line,
		follow(name, ...streams) {
			const tail: string[] = [];
			for (const input of streams.filter((stream) => stream !== null)) {
				createInterface({ input }).on('line', (text) => {
					line(name, text);
					tail.push(text);
					if (tail.length > tailLength) tail.shift();
				});
			}
			return tail;
		},
	};
}

/** Colour where a person reads along, or where FORCE_COLOR asks for it; never against NO_COLOR. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
	if (env['NO_COLOR']) return false;
	return isTerminal || !['', '0', undefined].includes(env['FORCE_COLOR']);
}
