import { CopyButton } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { Status } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import type { Contract } from './follow.ts';

interface Props {
	chainId: number;
	address: string;
	chain: string;
	contract: Contract | null;
	name: string;
	explorerUrl: string | null;
	isLoading: boolean;
}

const matches = {
	EXACT: 'exact match',
	PARTIAL: 'partial match',
	UNKNOWN: null,
} as const;

export function ContractHeader({ address, chain, contract, name, explorerUrl, isLoading }: Props) {
	const source = contract?.source;
	const isRefresh = source && contract.status !== 'SUCCESS';
	return (
		<div class="contract-head">
			<h1 class={name ? '' : 'contract-unnamed'}>
				{name || (isLoading ? 'Looking…' : 'Contract')}
			</h1>
			<p class="contract-address">
				<code>{address}</code>
				<CopyButton what="address" text={address} />
				<span class="contract-chain">{chain}</span>
				{explorerUrl && (
					<a
						class="quiet-link"
						href={`${explorerUrl}/address/${address}`}
						target="_blank"
						rel="noreferrer"
					>
						explorer
						<Icon name="away" />
					</a>
				)}
			</p>
			{contract && (
				<p class="contract-state">
					<Status status={contract.status} isWaiting={contract.error !== null} />
					{source && (
						<span class="provenance">
							{isRefresh && 'shown: the source '}from {source.origin}, <Ago at={source.fetchedAt} />
							{matches[source.match] && `, ${matches[source.match]}`}
						</span>
					)}
				</p>
			)}
		</div>
	);
}
