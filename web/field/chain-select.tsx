import type { Chain } from '../api/chains.ts';

interface Props {
	chains: readonly Chain[] | null;
	value: string;
	onChange(id: string): void;
}

const first: Chain = { id: 1, name: 'Ethereum', explorerUrl: null };

export function ChainSelect({ chains, value, onChange }: Props) {
	const list = chains ?? [first];
	const isKnown = list.some(({ id }) => String(id) === value);
	return (
		<select
			class="chain-select"
			aria-label="Chain"
			value={value}
			onChange={(event) => onChange(event.currentTarget.value)}
		>
			{!isKnown && <option value={value}>{chains ? `unknown: ${value}` : `Chain ${value}`}</option>}
			{list.map(({ id, name }) => (
				<option key={id} value={String(id)}>
					{name} ({id})
				</option>
			))}
		</select>
	);
}
