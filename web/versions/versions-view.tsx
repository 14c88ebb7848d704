import './versions.css';
import { ask } from '../api/ask.ts';
import { VersionsDocument } from '../api/documents.ts';
import type { Contract } from '../contract/follow.ts';
import { Refusal } from '../contract/nobody.tsx';
import { Loading } from '../parts/lazy.tsx';
import { useLoaded } from '../parts/load.ts';
import { Ago } from '../parts/time.tsx';
import { bytes, counted } from '../parts/times.ts';
import { hrefOf, type Place } from '../route.ts';
import { Visible } from '../source/visible.tsx';

interface Props {
	contract: Contract;
	place: Place;
}

/** Every distinct source that the contract has had, each beside what it changed. */
export function VersionsView({ contract: { chainId, address, version }, place }: Props) {
	const loaded = useLoaded(`${address} ${version}`, async (signal) => {
		const { contract } = await ask(VersionsDocument, { chainId, address }, signal);
		return contract?.sources ?? [];
	});
	if (loaded.state === 'refused') return <Refusal refusal={loaded.refusal} />;
	if (loaded.state === 'loading') return <Loading />;
	const sources = loaded.value;
	return (
		<section class="versions" aria-label="Versions">
			<p class="quiet">
				{sources.length === 1
					? 'There has been one source so far. A refresh that brings another one adds it here.'
					: `${counted(sources.length, 'source')}, newest first.`}
			</p>
			<ol class="version-list">
				{sources.map((source, index) => {
					const before = sources[index + 1];
					return (
						<li key={source.hash} class="version">
							<span class="version-dot" aria-hidden="true" />
							<div>
								<p>
									<strong>
										<Visible text={source.name} />
									</strong>{' '}
									from {source.origin}, <Ago at={source.fetchedAt} />
									{index === 0 && <span class="tag">newest</span>}
								</p>
								<p class="quiet">
									<code>{source.hash.slice(0, 12)}</code> · {source.compilerVersion} ·{' '}
									{counted(source.fileCount, 'file')}, {bytes(source.size)}
								</p>
							</div>
							<p class="version-actions">
								<a
									class="button"
									href={hrefOf({ ...place, tab: 'code', hash: index === 0 ? null : source.hash })}
								>
									Read it
								</a>
								{before && (
									<a
										class="button"
										href={hrefOf({
											...place,
											tab: 'diff',
											diff: { from: before.hash, to: source.hash },
										})}
									>
										What changed
									</a>
								)}
								<a class="button" href={source.zipUrl} download>
									Zip
								</a>
							</p>
						</li>
					);
				})}
			</ol>
		</section>
	);
}
