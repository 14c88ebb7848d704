import type { ContractQuery } from '../api/documents.ts';
import { checksummed } from '../field/checksum.ts';
import { problemOf } from '../field/find-addresses.ts';
import { Lazy } from '../parts/lazy.tsx';
import { type ContractRoute, hrefOf, type Place } from '../route.ts';
import { SourceView } from '../source/source-view.tsx';
import type { Contract } from './follow.ts';
import { ImplementationTabs } from './implementation-tabs.tsx';
import { useContract } from './use-contract.ts';

export type Source = NonNullable<NonNullable<ContractQuery['contract']>['source']>;

interface Props {
	contract: Contract;
	source: Source;
	route: ContractRoute;
}

/** The source of the contract; of a proxy, that of what it leads to, where there is any. */
export function Shown({ contract, source, route }: Props) {
	const readable = source.implementations.find(({ contract }) => contract?.source);
	const asked = route.of && !problemOf(route.of) ? checksummed(route.of) : null;
	const address = asked ?? readable?.address ?? contract.address;
	const isOwn = address === contract.address;
	const place = { chain: route.chain, address: route.address, hash: route.hash };
	return (
		<>
			{source.implementations.length > 0 && (
				<ImplementationTabs {...{ contract, source, place }} shown={address} />
			)}
			{isOwn ? (
				<Sections
					{...{ contract, source, route }}
					place={source.implementations.length > 0 ? { ...place, of: address } : place}
				/>
			) : (
				<Implementation
					chainId={contract.chainId}
					{...{ address, route }}
					place={{ ...place, of: address }}
				/>
			)}
		</>
	);
}

interface ImplementationProps {
	chainId: number;
	address: string;
	route: ContractRoute;
	place: Place;
}

function Implementation({ chainId, address, route, place }: ImplementationProps) {
	const followed = useContract(chainId, address);
	const contract = followed.state === 'known' ? followed.contract : null;
	if (contract?.source) {
		return <Sections {...{ contract, route, place }} source={contract.source} />;
	}
	return (
		<section class="panel">
			<h2>
				{followed.state === 'loading' ? 'Looking…' : 'There is no source of this implementation'}
			</h2>
			<p>
				<a href={hrefOf({ chain: String(chainId), address })}>
					<code>{address}</code>
				</a>{' '}
				{contract?.error?.message}
			</p>
		</section>
	);
}

interface SectionsProps {
	contract: Contract;
	source: Source;
	route: ContractRoute;
	place: Place;
}

const sections = [
	['code', 'Code'],
	['abi', 'ABI'],
	['settings', 'Settings'],
	['versions', 'Versions'],
] as const;

function Sections({ contract, source, route, place }: SectionsProps) {
	const { tab } = route;
	const shownTab = tab === 'diff' ? 'versions' : tab;
	return (
		<>
			<nav class="tabs" aria-label="Parts of the source">
				{sections.map(([name, label]) => (
					<a
						key={name}
						href={hrefOf({ ...place, tab: name })}
						aria-current={name === shownTab ? 'page' : undefined}
					>
						{label}
					</a>
				))}
			</nav>
			{tab === 'code' && <SourceView {...{ contract, source, route, place }} />}
			{tab === 'abi' && (
				<Lazy
					load={() => import('../abi/abi-view.tsx')}
					pick={({ AbiView }) => AbiView}
					props={{ contract, source }}
				/>
			)}
			{tab === 'settings' && (
				<Lazy
					load={() => import('../settings/settings-view.tsx')}
					pick={({ SettingsView }) => SettingsView}
					props={{ contract, source }}
				/>
			)}
			{tab === 'versions' && (
				<Lazy
					load={() => import('../versions/versions-view.tsx')}
					pick={({ VersionsView }) => VersionsView}
					props={{ contract, place }}
				/>
			)}
			{tab === 'diff' && route.diff && (
				<Lazy
					load={() => import('../versions/diff-view.tsx')}
					pick={({ DiffView }) => DiffView}
					props={{ contract, place, diff: route.diff }}
				/>
			)}
		</>
	);
}
