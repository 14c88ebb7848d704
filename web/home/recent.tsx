import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { chainName, useChains } from '../api/chains.ts';
import { RecentDocument, type RecentQuery } from '../api/documents.ts';
import { retrying } from '../api/retrying.ts';
import { pause } from '../api/waiting.ts';
import { Status } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { hrefOf } from '../route.ts';
import { withCodes } from '../source/invisible.ts';

type Recent = RecentQuery['contracts']['edges'][number]['node'];

/** Nothing streams the list of all contracts, and this asks an index for a page. */
const everyMs = 3_000;

/** The contracts that changed last, for as long as somebody looks. */
function useRecent(): readonly Recent[] | null {
	const [recent, setRecent] = useState<readonly Recent[] | null>(null);
	useEffect(() => {
		const end = new AbortController();
		void watch(setRecent, end.signal);
		return () => end.abort();
	}, []);
	return recent;
}

async function watch(show: (recent: Recent[]) => void, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		const work = () => ask(RecentDocument, {}, signal);
		const answer = await retrying(work, signal).catch(() => null);
		if (answer) show(answer.contracts.edges.map(({ node }) => node));
		if (!signal.aborted) await pause(everyMs, signal);
	}
}

export function Recent() {
	const recent = useRecent();
	const chains = useChains();
	return (
		<section class="recent" aria-labelledby="recent-title">
			<h2 id="recent-title">Recent</h2>
			{recent?.length === 0 && (
				<p class="quiet">
					Nobody has asked for a contract yet. Try{' '}
					<a href="/1/0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2">WETH9</a>.
				</p>
			)}
			<ul class="rows" aria-busy={recent === null}>
				{recent?.map((contract) => (
					<li key={contract.id}>
						<a class="row" href={hrefOf({ ...contract, chain: String(contract.chainId) })}>
							<Status status={contract.status} isWaiting={contract.error !== null} />
							<span class="row-name">{withCodes(contract.source?.name ?? '')}</span>
							<span class="row-address">{contract.address}</span>
							<span class="row-chain">{chainName(chains, contract.chainId)}</span>
							<span class="row-time">
								<Ago at={contract.updatedAt} />
							</span>
						</a>
					</li>
				)) ?? <Placeholders />}
			</ul>
		</section>
	);
}

function Placeholders() {
	return [1, 2, 3, 4, 5].map((row) => (
		<li key={row} class="row row-empty" aria-hidden="true">
			<span />
			<span />
			<span />
		</li>
	));
}
