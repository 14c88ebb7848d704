import './versions.css';
import './diff.css';
import { ask } from '../api/ask.ts';
import { DiffDocument, type FileChange } from '../api/documents.ts';
import type { Contract } from '../contract/follow.ts';
import { Refusal } from '../contract/nobody.tsx';
import { Loading } from '../parts/lazy.tsx';
import { useLoaded } from '../parts/load.ts';
import { Ago } from '../parts/time.tsx';
import { counted } from '../parts/times.ts';
import { hrefOf, type Place } from '../route.ts';
import { Visible } from '../source/visible.tsx';
import { countChanges, readPatch } from './patch.ts';

interface Props {
	contract: Contract;
	place: Place;
	diff: { from: string; to: string };
}

export function DiffView({ contract: { chainId, address }, place, diff }: Props) {
	const loaded = useLoaded(`${address} ${diff.from} ${diff.to}`, async (signal) => {
		const { contract } = await ask(DiffDocument, { chainId, address, ...diff }, signal);
		return contract?.sourceDiff ?? null;
	});
	if (loaded.state === 'refused') return <Refusal refusal={loaded.refusal} />;
	if (loaded.state === 'loading') return <Loading />;
	const found = loaded.value;
	if (!found) {
		return (
			<p class="panel">
				There is nothing to compare.{' '}
				<a href={hrefOf({ ...place, tab: 'versions' })}>All versions</a>
			</p>
		);
	}
	return (
		<section class="diff" aria-label="What changed">
			<p class="diff-head">
				<code>{found.from.hash.slice(0, 12)}</code> (<Ago at={found.from.fetchedAt} />) →{' '}
				<code>{found.to.hash.slice(0, 12)}</code> (<Ago at={found.to.fetchedAt} />
				): {counted(found.files.length, 'file')} changed.{' '}
				<a href={hrefOf({ ...place, tab: 'diff', diff: { from: diff.to, to: diff.from } })}>
					The other way round
				</a>
			</p>
			{found.settings && <FileDiff path="Settings" change="CHANGED" patch={found.settings} />}
			{found.files.map((file) => (
				<FileDiff key={file.path} {...file} />
			))}
		</section>
	);
}

const changes = { ADDED: 'added', CHANGED: 'changed', REMOVED: 'removed' } as const;
/** Longer ones are opened by whoever wants to read them. */
const openAtFirst = 400;

interface FileDiffProps {
	path: string;
	change: FileChange;
	patch: string | null;
}

function FileDiff({ path, change, patch }: FileDiffProps) {
	const lines = readPatch(patch ?? '');
	const { added, removed } = countChanges(lines);
	return (
		<details class="file-diff" open={lines.length <= openAtFirst}>
			<summary>
				<code>
					<Visible text={path} />
				</code>
				<span class="tag">{changes[change]}</span>
				<span class="diff-counts">
					<span class="diff-added">+{added}</span> <span class="diff-removed">−{removed}</span>
				</span>
			</summary>
			{patch === null ? (
				<p class="quiet">It is too large to be compared here: read both versions.</p>
			) : (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
				<section class="diff-lines" tabIndex={0} aria-label={`Changes of ${path}`}>
					<table>
						<tbody>
							{lines.map(({ order, kind, text, from, to }) => (
								<tr key={order} class={`diff-${kind}`}>
									<td class="diff-number">{from}</td>
									<td class="diff-number">{to}</td>
									<td class="diff-sign">
										{kind === 'added' ? '+' : kind === 'removed' ? '−' : ''}
									</td>
									<td class="diff-text">
										<Visible text={text} />
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</section>
			)}
		</details>
	);
}
