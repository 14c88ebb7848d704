import { keccakHex } from '../field/checksum.ts';

/** As compilers write it, and strangers may: nothing in it is certain. */
interface Parameter {
	type: string;
	name: string;
	indexed: boolean;
	components: Parameter[];
}

export interface AbiItem {
	kind: 'constructor' | 'function' | 'event' | 'error' | 'fallback' | 'receive';
	name: string;
	inputs: Parameter[];
	outputs: Parameter[];
	/** Such as view or payable; empty for what has none. */
	mutability: string;
	/** Of a function or error its 4 bytes, of an event its topic; null for the others. */
	selector: string | null;
}

const kinds = ['constructor', 'function', 'event', 'error', 'fallback', 'receive'] as const;

/** What can be read of an ABI; what cannot is left out. */
export function readAbi(abi: unknown): AbiItem[] {
	if (!Array.isArray(abi)) return [];
	return abi.flatMap((item: unknown) => {
		if (typeof item !== 'object' || item === null) return [];
		const fields = asObject(item);
		const kind = kinds.find((one) => one === (fields['type'] ?? 'function'));
		if (!kind) return [];
		const read = {
			kind,
			name: asText(fields['name']),
			inputs: parameters(fields['inputs']),
			outputs: parameters(fields['outputs']),
			mutability: mutabilityOf(kind, fields),
		};
		return [{ ...read, selector: selectorOf(read) }];
	});
}

function mutabilityOf(kind: AbiItem['kind'], fields: Record<string, unknown>): string {
	if (kind === 'event') return fields['anonymous'] === true ? 'anonymous' : '';
	if (kind === 'error') return '';
	if (typeof fields['stateMutability'] === 'string') return fields['stateMutability'];
	// Compilers before 0.5 wrote two flags.
	if (fields['constant'] === true) return 'view';
	return fields['payable'] === true ? 'payable' : 'nonpayable';
}

function selectorOf(item: Pick<AbiItem, 'kind' | 'name' | 'inputs'>): string | null {
	if (!['function', 'error', 'event'].includes(item.kind)) return null;
	const hash = keccakHex(signature(item));
	return `0x${item.kind === 'event' ? hash : hash.slice(0, 8)}`;
}

/** What is hashed: `transfer(address,uint256)`, with tuples as their types. */
export function signature({ name, inputs }: Pick<AbiItem, 'name' | 'inputs'>): string {
	return `${name}(${inputs.map(canonical).join(',')})`;
}

function canonical({ type, components }: Parameter): string {
	if (!type.startsWith('tuple')) return type;
	return `(${components.map(canonical).join(',')})${type.slice('tuple'.length)}`;
}

/** For people: with names, and `indexed` where it is. */
export function described(list: readonly Parameter[]): string {
	return list
		.map((one) =>
			[canonical(one), one.indexed ? 'indexed' : '', one.name].filter(Boolean).join(' '),
		)
		.join(', ');
}

function parameters(list: unknown): Parameter[] {
	if (!Array.isArray(list)) return [];
	return list.map((one: unknown) => {
		const fields = asObject(one);
		return {
			type: asText(fields['type']),
			name: asText(fields['name']),
			indexed: fields['indexed'] === true,
			components: parameters(fields['components']),
		};
	});
}

function asObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function asText(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
