import './source.css';
import './code.css';
import { useEffect, useState } from 'preact/hooks';
import type { Contract } from '../contract/follow.ts';
import { Refusal } from '../contract/nobody.tsx';
import type { Source } from '../contract/shown.tsx';
import { Loading } from '../parts/lazy.tsx';
import { useLoaded } from '../parts/load.ts';
import type { ContractRoute, Place } from '../route.ts';
import { CodePane } from './code-pane.tsx';
import { loadList, type SourceKey } from './files.ts';
import type { Hit } from './search.ts';
import { SidePanel } from './side-panel.tsx';
import type { File } from './tree.ts';

interface Props {
	contract: Contract;
	source: Source;
	route: ContractRoute;
	place: Place;
}

/** Files beside the one that is open. */
export function SourceView({ contract, source, route, place }: Props) {
	const { chainId, address } = contract;
	const key: SourceKey = { chainId, address, hash: route.hash ?? source.hash };
	// Its key goes with it: until a new list has come, everything is of the one before.
	const list = useLoaded(`${address} ${key.hash}`, async () => ({
		key,
		files: await loadList(key),
	}));
	const [hits, setHits] = useState<readonly Hit[]>([]);
	const [current, setCurrent] = useState<Hit | null>(null);
	const [isSheetOpen, setSheet] = useState(false);
	const files = list.state === 'ready' ? list.value.files : [];
	const open = fileOf(route, files, source);
	// biome-ignore lint/correctness/useExhaustiveDependencies: a file that was chosen is what one wants to see.
	useEffect(() => setSheet(false), [open?.path]);
	if (list.state === 'refused') return <Refusal refusal={list.refusal} />;
	if (list.state === 'loading') return <Loading />;
	return (
		<div class={`source ${isSheetOpen ? 'sheet-open' : ''}`}>
			<SidePanel
				{...{ source, files, open, place, current }}
				sourceKey={list.value.key}
				onHits={setHits}
				onHit={setCurrent}
				onClose={() => setSheet(false)}
			/>
			{open ? (
				<CodePane
					file={open}
					sourceKey={list.value.key}
					{...{ source, place, hits, current }}
					lines={route.lines}
					onFiles={() => setSheet(true)}
				/>
			) : (
				<NoSuchFile path={String(route.file ?? '')} />
			)}
		</div>
	);
}

function fileOf({ file }: ContractRoute, files: readonly File[], source: Source): File | null {
	if (typeof file === 'number') return files[file - 1] ?? null;
	if (file !== null) return files.find(({ path }) => path === file) ?? null;
	return files.find(({ path }) => path === source.mainFile?.path) ?? files[0] ?? null;
}

function NoSuchFile({ path }: { path: string }) {
	return (
		<section class="panel">
			<h2>This source has no such file</h2>
			<p>
				<code>{path}</code> is not among the files beside. It may be in another version.
			</p>
		</section>
	);
}
