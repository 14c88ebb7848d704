import { Command, InvalidArgumentError, Option } from 'commander';
import { parseAddress } from '../../domain/address.ts';
import type { ContractKey } from '../../domain/contract.ts';
import { contractErrorCodes } from '../../domain/errors.ts';
import { statuses } from '../../domain/status.ts';
import { Refused } from './refused.ts';

/** A command with what all of them have; the examples stand at the end of its help. */
export function command(name: string, description: string, examples: readonly string[]): Command {
	const lines = examples.map((example) => `  npm run admin -- ${example}`);
	return new Command(name)
		.description(description)
		.option('--json', 'one JSON document on stdout', false)
		.addHelpText('after', `\nExample${examples.length > 1 ? 's' : ''}:\n${lines.join('\n')}`);
}

export const yesOption = () => new Option('--yes', 'answer the question with yes').default(false);

export const limitOption = (fallback?: number) => {
	const option = new Option('--limit <n>', 'at most so many').argParser(parseCount);
	return fallback === undefined ? option : option.default(fallback);
};

export const statusOption = () => new Option('--status <status>', 'only these').choices(statuses);
export const errorOption = () =>
	new Option('--error <code>', 'only with this error').choices(contractErrorCodes);

export const chainOption = () =>
	new Option('--chain <id>', 'only of this chain; of addresses without one').argParser(parseCount);

export function parseCount(text: string): number {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < 1 || value > 4_294_967_295) {
		throw new InvalidArgumentError('Expected a whole number from 1 on.');
	}
	return value;
}

/** `<chainId>:<address>`, or an address on `chainId`. */
export function parseContract(text: string, chainId = 1): ContractKey {
	const [, chain, address] = /^(?:(\d{1,10}):)?(.*)$/s.exec(text) ?? [];
	try {
		return { chainId: chain ? Number(chain) : chainId, address: parseAddress(address ?? '') };
	} catch (error) {
		// The only thing it throws says what is wrong with the address.
		throw new Refused((error as Error).message);
	}
}
