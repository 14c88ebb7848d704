import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { parseDuration, showDuration } from './duration.ts';
import { parseContract } from './options.ts';
import { printable, table, visible } from './output.ts';
import { createProgram } from './program.ts';

/** What a run that comes to nothing says, and how it ends. */
async function run(...args: string[]) {
	let said = '';
	const program = createProgram();
	const hear = (text: string) => {
		said += text;
	};
	const listen = (command: typeof program) => {
		command.configureOutput({ writeOut: hear, writeErr: hear });
		for (const child of command.commands) listen(child);
	};
	listen(program);
	const error: unknown = await program.parseAsync(args, { from: 'user' }).catch((reason) => reason);
	return { said, status: error instanceof CommanderError ? error.exitCode : null };
}

const names = createProgram().commands.flatMap((one) =>
	one.commands.length === 0 ? [[one.name()]] : one.commands.map((two) => [one.name(), two.name()]),
);

describe('the commands', () => {
	test.each(names)('%s %s has help with an example of itself', async (...words) => {
		const name = words.filter((word) => word !== undefined);
		const { said, status } = await run(...name, '--help');
		expect(said).toContain(`  npm run admin -- ${name.join(' ')}`);
		expect(said).toContain('--json');
		expect(status).toBe(0);
	});

	test.each([
		[['dead', 'burn'], "unknown command 'burn'"],
		[['dead', 'list', '--limit', '0'], 'a whole number from 1 on'],
		[['contracts', 'stuck', '--for', 'soon'], 'such as 90s, 5m, 2h or 1d'],
		[['contracts', 'requeue', '--status', 'LOST'], 'CREATED, PROCESS, SUCCESS, ERROR'],
		[['contracts', 'requeue', '--error', 'OOPS'], 'NOT_VERIFIED'],
		[['backup'], "missing required argument 'file'"],
		[['status', '--fast'], "unknown option '--fast'"],
	])('%j is not understood, and what would be is said', async (args, expected) => {
		const { said, status } = await run(...args);
		expect(said).toContain(expected);
		expect(status).not.toBe(0);
	});
});

test('a contract is named with its chain, or by its address alone', () => {
	const address = `0x${'1'.repeat(40)}`;
	expect(parseContract(`10:${address}`)).toEqual({ chainId: 10, address });
	expect(parseContract(address)).toEqual({ chainId: 1, address });
	expect(parseContract(address, 5)).toEqual({ chainId: 5, address });
	expect(() => parseContract('10:0x12')).toThrow('an address has 40');
});

test('what clients wrote cannot move a cursor or turn a line around', () => {
	expect(visible('a\u001b[2Jb\u202ec\nd é 😀')).toBe('a\\u{1b}[2Jb\\u{202e}c\nd é 😀');
	expect(printable(Buffer.from('a\u001b\né'))).toBe('a\\x1b\\x0a\\xc3\\xa9');
	expect(printable(Buffer.alloc(300, 'x'), 3)).toBe('xxx... (300 bytes)');
});

test('durations are read and shown, and columns line up', () => {
	expect(['90s', '5m', '2h', '1d'].map(parseDuration)).toEqual([90e3, 300e3, 7200e3, 86400e3]);
	expect([59e3, 61e3, 3_700e3, 90_000e3].map(showDuration)).toEqual([
		'59s',
		'1m 1s',
		'1h 1m',
		'1d 1h',
	]);
	expect(table(['A', 'B'], [['long', 'x']])).toBe('A     B\nlong  x');
});
