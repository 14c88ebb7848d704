import type { SourcifyContract, SourcifyMinimal } from './form.ts';

const minimal = [
	'match',
	'creationMatch',
	'runtimeMatch',
	'chainId',
	'address',
	'verifiedAt',
	'matchId',
] as const satisfies readonly (keyof SourcifyMinimal)[];

const bytecode = [
	'onchainBytecode',
	'recompiledBytecode',
	'sourceMap',
	'linkReferences',
	'cborAuxdata',
	'transformations',
	'transformationValues',
];

/** Every field that can be selected, with the names below it that can be. */
const selectable: Readonly<Record<keyof SourcifyContract, readonly string[]>> = {
	match: [],
	creationMatch: [],
	runtimeMatch: [],
	chainId: [],
	address: [],
	verifiedAt: [],
	matchId: [],
	creationBytecode: bytecode,
	runtimeBytecode: [...bytecode, 'immutableReferences'],
	deployment: ['transactionHash', 'blockNumber', 'transactionIndex', 'deployer'],
	sources: [],
	compilation: [
		'language',
		'compiler',
		'compilerVersion',
		'compilerSettings',
		'name',
		'fullyQualifiedName',
	],
	abi: [],
	metadata: [],
	storageLayout: [],
	transientStorageLayout: [],
	userdoc: [],
	devdoc: [],
	sourceIds: [],
	stdJsonInput: ['language', 'sources', 'settings'],
	stdJsonOutput: ['contracts', 'sources'],
	signatures: ['function', 'event', 'error'],
	proxyResolution: ['isProxy', 'proxyType', 'implementations'],
};

const selectableByName: Readonly<Record<string, readonly string[] | undefined>> = selectable;

/** What a caller wants to see; both empty is the minimal answer. */
export interface Selection {
	fields: readonly string[];
	omit: readonly string[];
}

/** Why a selection is refused, in Sourcify's words, or undefined. */
export function refuseSelection({ fields, omit }: Selection): string | undefined {
	if (fields.length > 0 && omit.length > 0) return 'Cannot specify both fields and omit';
	if (fields.includes('all')) {
		return fields.length > 1 ? "Cannot specify 'all' with other fields" : undefined;
	}
	for (const field of [...fields, ...omit]) {
		const [name = '', below, ...more] = field.split('.');
		if (more.length > 0) {
			return `Field selector cannot have more than one level subselectors: ${field}`;
		}
		const known = Object.hasOwn(selectable, name) ? selectableByName[name] : undefined;
		if (!known || (below !== undefined && !known.includes(below))) {
			return `Field selector ${field} is not a valid field`;
		}
	}
	return undefined;
}

/** The part of a contract that a selection shows; the minimal fields are always in it. */
export function select(contract: SourcifyContract, { fields, omit }: Selection): object {
	if (fields.includes('all')) return contract;
	if (omit.length > 0) return { ...withoutFields(contract, omit), ...pick(contract, minimal) };
	return pick(contract, [...minimal, ...fields]);
}

function pick(contract: SourcifyContract, fields: readonly string[]): Record<string, unknown> {
	const all: Record<string, unknown> = { ...contract };
	const picked: Record<string, unknown> = {};
	for (const field of fields) {
		const [name = '', below] = field.split('.');
		const value = all[name];
		picked[name] =
			below === undefined
				? value
				: { ...asObject(picked[name]), [below]: asObject(value)[below] ?? null };
	}
	return picked;
}

function withoutFields(contract: SourcifyContract, fields: readonly string[]): object {
	const rest: Record<string, unknown> = { ...contract };
	for (const field of fields) {
		const [name = '', below] = field.split('.');
		if (below === undefined) delete rest[name];
		else {
			const { [below]: _, ...others } = asObject(rest[name]);
			rest[name] = others;
		}
	}
	return rest;
}

function asObject(value: unknown): Record<string, unknown> {
	return typeof value === 'object' && value !== null ? { ...value } : {};
}
