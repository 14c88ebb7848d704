import './contract.css';
import { useEffect } from 'preact/hooks';
import { chainName, useChains } from '../api/chains.ts';
import { checksummed } from '../field/checksum.ts';
import { problemOf } from '../field/find-addresses.ts';
import { navigate, takeIntent } from '../navigation.ts';
import type { ContractRoute } from '../route.ts';
import { announce } from '../shell/announce.tsx';
import { useTitle } from '../shell/title.ts';
import { withCodes } from '../source/invisible.ts';
import { ContractHeader } from './contract-header.tsx';
import { WrongAddress, WrongChain } from './misspelt.tsx';
import { Nobody, Refusal } from './nobody.tsx';
import { Shown } from './shown.tsx';
import { useSubmission } from './submit.ts';
import { History, Timeline } from './timeline.tsx';
import { useContract } from './use-contract.ts';
import { WhatNow } from './what-now.tsx';

/** What is at a link to a contract, whatever its writer has put there. */
export function ContractPage({ route }: { route: ContractRoute }) {
	const chains = useChains();
	const problem = /^0x/i.test(route.address)
		? problemOf(route.address)
		: { problem: 'does not start with 0x', at: null };
	if (problem) return <WrongAddress text={route.address} problem={problem} />;
	const chainId = Number(route.chain);
	const isChain = Number.isSafeInteger(chainId) && chainId > 0;
	const isServed = !chains || chains.some(({ id }) => id === chainId);
	if (!isChain || !isServed) return <WrongChain route={route} chains={chains ?? []} />;
	return <KnownAddress route={route} chainId={chainId} address={checksummed(route.address)} />;
}

interface Props {
	route: ContractRoute;
	chainId: number;
	address: string;
}

function KnownAddress({ route, chainId, address }: Props) {
	const chains = useChains();
	const chain = chainName(chains, chainId);
	const followed = useContract(chainId, address);
	const submission = useSubmission({ chainId, address });
	const contract = followed.state === 'known' ? followed.contract : null;
	const name = withCodes(contract?.source?.name ?? '');
	useTitle(name || `${address.slice(0, 8)}…${address.slice(-4)}`, contract?.status);
	// Only who has typed an address here, and no link from elsewhere, begins a download.
	useEffect(() => {
		if (takeIntent().submit) submission.submit(false);
	}, [submission.submit]);
	const said =
		contract &&
		`${name || address}: ${contract.status}${contract.error ? `, ${contract.error.message}` : ''}`;
	useEffect(() => {
		if (said) announce(said);
	}, [said]);
	const explorerUrl = chains?.find(({ id }) => id === chainId)?.explorerUrl ?? null;
	return (
		<article class="contract">
			<ContractHeader
				{...{ chainId, address, chain, contract, name, explorerUrl }}
				isLoading={followed.state === 'loading'}
			/>
			{contract && <Timeline contract={contract} submission={submission} />}
			{submission.refusal && <Refusal refusal={submission.refusal} />}
			{followed.state === 'refused' && <Refusal refusal={followed.refusal} />}
			{followed.state === 'known' && !contract && (
				<Nobody submission={submission} chain={chain} explorerUrl={explorerUrl} address={address} />
			)}
			{contract && (
				<WhatNow {...{ contract, submission, explorerUrl }} onOtherChain={() => navigate('/')} />
			)}
			{contract && !contract.source && <History contract={contract} />}
			{contract?.source && <Shown contract={contract} source={contract.source} route={route} />}
		</article>
	);
}
