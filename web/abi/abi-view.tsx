import './abi.css';
import { useMemo, useState } from 'preact/hooks';
import { ask } from '../api/ask.ts';
import { AbiDocument } from '../api/documents.ts';
import type { Contract } from '../contract/follow.ts';
import { Refusal } from '../contract/nobody.tsx';
import type { Source } from '../contract/shown.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Loading } from '../parts/lazy.tsx';
import { useLoaded } from '../parts/load.ts';
import { SaveButton } from '../parts/save.tsx';
import { Visible } from '../source/visible.tsx';
import { type AbiItem, described, readAbi, signature } from './abi.ts';

interface Props {
	contract: Contract;
	source: Source;
}

const groups = [
	['function', 'Functions'],
	['event', 'Events'],
	['error', 'Errors'],
	['constructor', 'Constructor'],
	['receive', 'Receive'],
	['fallback', 'Fallback'],
] as const;

export function AbiView({ contract: { chainId, address }, source }: Props) {
	const loaded = useLoaded(`${address} ${source.hash}`, async (signal) => {
		const { contract } = await ask(AbiDocument, { chainId, address }, signal);
		return contract?.source?.abi ?? null;
	});
	const [filter, setFilter] = useState('');
	const abi = loaded.state === 'ready' ? loaded.value : null;
	const items = useMemo(() => readAbi(abi), [abi]);
	if (loaded.state === 'refused') return <Refusal refusal={loaded.refusal} />;
	if (loaded.state === 'loading') return <Loading />;
	if (!Array.isArray(abi)) {
		return <p class="panel">The explorer gave no ABI with this source.</p>;
	}
	const text = () => JSON.stringify(abi, null, 2);
	const wanted = filter.toLowerCase();
	const fits = (item: AbiItem) =>
		`${signature(item)} ${item.selector} ${item.mutability}`.toLowerCase().includes(wanted);
	const shown = items.filter(fits);
	return (
		<section class="abi" aria-label="ABI">
			<div class="abi-head">
				<label class="side-field">
					<input
						type="search"
						placeholder="Name, type or selector"
						aria-label="Filter the ABI"
						value={filter}
						onInput={(event) => setFilter(event.currentTarget.value)}
					/>
				</label>
				<CopyButton what="ABI" label="Copy JSON" text={async () => text()} />
				<SaveButton label="Save JSON" name={`${source.name}.abi.json`} text={text} />
			</div>
			{shown.length === 0 && <p class="quiet">Nothing in it has that.</p>}
			{groups.map(([kind, label]) => (
				<Group key={kind} label={label} items={shown.filter((item) => item.kind === kind)} />
			))}
		</section>
	);
}

function Group({ label, items }: { label: string; items: readonly AbiItem[] }) {
	if (items.length === 0) return null;
	const sorted = items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return (
		<section class="abi-group">
			<h2>
				{label} <span class="quiet">{items.length}</span>
			</h2>
			<ul>
				{sorted.map((item) => (
					<Item key={signature(item)} item={item} />
				))}
			</ul>
		</section>
	);
}

function Item({ item }: { item: AbiItem }) {
	const { name, kind, inputs, outputs, mutability, selector } = item;
	return (
		<li class="abi-item">
			{selector ? (
				<span class="abi-selector">
					<code title={selector}>
						{selector.slice(0, 10)}
						{selector.length > 10 && '…'}
					</code>
					<CopyButton
						what={`${kind === 'event' ? 'topic' : 'selector'} of ${name}`}
						text={selector}
					/>
				</span>
			) : (
				<span class="abi-selector" />
			)}
			<code class="abi-signature">
				<strong>
					<Visible text={name || kind} />
				</strong>
				(<Visible text={described(inputs)} />)
				{outputs.length > 0 && (
					<span class="abi-outputs">
						{' → '}
						<Visible text={described(outputs)} />
					</span>
				)}
			</code>
			{mutability && <span class={`abi-mutability abi-${mutability}`}>{mutability}</span>}
		</li>
	);
}
