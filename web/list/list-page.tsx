import './list.css';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Refused } from '../api/ask.ts';
import { chainName, useChains } from '../api/chains.ts';
import type { RowFragment } from '../api/documents.ts';
import { Refusal } from '../contract/nobody.tsx';
import { findAddresses, mostAddresses } from '../field/find-addresses.ts';
import { FoundAddresses } from '../field/found-addresses.tsx';
import { takeIntent } from '../navigation.ts';
import { Icon } from '../parts/icon.tsx';
import { SaveButton } from '../parts/save.tsx';
import type { Route } from '../route.ts';
import { announce } from '../shell/announce.tsx';
import { useTitle } from '../shell/title.ts';
import { asCsv } from './export.ts';
import { followMany, loadRows, submitAll } from './follow-many.ts';
import { ListRow } from './list-row.tsx';
import { counts, inOrder, type Row } from './rows.ts';

type ListRoute = Extract<Route, { view: 'list' }>;

/** Many at once: a row each, live, what failed on top. */
export function ListPage({ route }: { route: ListRoute }) {
	const chains = useChains();
	const found = findAddresses(route.addresses.join('\n'));
	const addresses = found.addresses.slice(0, mostAddresses);
	const chainId = Number(route.chain);
	const [known, setKnown] = useState<ReadonlyMap<string, RowFragment | null>>(new Map());
	const [refusal, setRefusal] = useState<Refused | null>(null);
	const keys = { chainId, addresses };
	const key = `${chainId} ${addresses.join()}`;
	const show = useCallback(
		(rows: readonly (RowFragment | null)[], of: readonly string[]) =>
			setKnown((before) => merged(before, rows, of)),
		[],
	);
	const refused = useCallback((error: unknown) => {
		if (error instanceof Refused) setRefusal(error);
	}, []);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is followed.
	useEffect(() => {
		if (addresses.length === 0) return;
		const end = new AbortController();
		const first = takeIntent().submit
			? submitAll(keys, show, end.signal)
			: loadRows(keys, show, end.signal);
		first.then(() => followMany(keys, show, end.signal)).catch(refused);
		return () => end.abort();
	}, [key]);
	const rows: Row[] = addresses.map((address) => ({ address, contract: known.get(address) }));
	const { done, failed, missing } = counts(rows);
	const summary = `${done} of ${rows.length} have their source${failed > 0 ? `, ${failed} failed` : ''}`;
	useTitle(`${done}/${rows.length}`, 'list');
	useEffect(() => announce(summary), [summary]);
	const again = (which: readonly string[]) => {
		setRefusal(null);
		const never = new AbortController().signal;
		submitAll({ chainId, addresses: [...which] }, show, never).catch(refused);
	};
	if (rows.length === 0) return <EmptyList />;
	return (
		<article class="list">
			<div class="list-head">
				<h1>
					{rows.length} contracts <span class="quiet">on {chainName(chains, chainId)}</span>
				</h1>
				<p>{summary}</p>
				<progress max={rows.length} value={done + failed} aria-label="Finished" />
				<p class="list-actions">
					{missing.length > 0 && (
						<button type="button" class="button button-main" onClick={() => again(missing)}>
							<Icon name="download" />
							Get{' '}
							{missing.length === rows.length
								? 'them all'
								: `the ${missing.length} that nobody asked for`}
						</button>
					)}
					<SaveButton label="Export CSV" name="contracts.csv" text={() => asCsv(chainId, rows)} />
				</p>
				{found.wrong.length > 0 && <FoundAddresses found={found} />}
			</div>
			{refusal && <Refusal refusal={refusal} />}
			<ul class="rows">
				{inOrder(rows).map((row) => (
					<ListRow key={row.address} chain={route.chain} row={row} />
				))}
			</ul>
		</article>
	);
}

/** A row is never replaced by an older one. */
function merged(
	before: ReadonlyMap<string, RowFragment | null>,
	rows: readonly (RowFragment | null)[],
	addresses: readonly string[],
): ReadonlyMap<string, RowFragment | null> {
	const next = new Map(before);
	for (const [index, address] of addresses.entries()) {
		const row = rows[index] ?? null;
		const last = next.get(address);
		if (!last || (row && row.version >= last.version)) next.set(address, row);
	}
	return next;
}

function EmptyList() {
	return (
		<section class="panel">
			<h1>This list is empty</h1>
			<p>
				Paste a text with addresses <a href="/">at the start</a>: each gets a row here, under a link
				that you can send.
			</p>
		</section>
	);
}
