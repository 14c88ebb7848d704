import { expect, test } from 'vitest';
import type { EtherscanItem } from '../../../sources/etherscan/format.ts';
import { startEmulator } from '../emulator.ts';

const address = (start: string, end: string) => `0x${start}${end.padStart(40 - start.length, '0')}`;

test('each address with the prefix has a source of its own, in any case; others have none', async () => {
	await using emulator = await startEmulator({ verified: '0x57e55' });
	async function sourceOf(one: string): Promise<string | undefined> {
		const call = { chainid: '1', module: 'contract', action: 'getsourcecode', apikey: 'k' };
		const answer = await fetch(`${emulator.url}?${new URLSearchParams({ ...call, address: one })}`);
		const { result } = (await answer.json()) as { result: EtherscanItem[] };
		return result[0]?.SourceCode;
	}
	const [one, other] = [address('57e55', 'a'), address('57e55', 'b')];
	expect(await sourceOf(one)).toContain(`contract ${one} alone`);
	expect(await sourceOf(address('57E55', 'A'))).toBe(await sourceOf(one));
	expect(await sourceOf(other)).toContain(other);
	expect(await sourceOf(address('57e54', 'a'))).toBe('');
});
