import { useEffect, useMemo } from 'preact/hooks';
import { navigate } from '../navigation.ts';
import { useLoaded } from '../parts/load.ts';
import { counted } from '../parts/times.ts';
import { hrefOf, type Place } from '../route.ts';
import { announce } from '../shell/announce.tsx';
import { onKey } from '../shell/keys.ts';
import { loadAll, type SourceKey } from './files.ts';
import { withCodes } from './invisible.ts';
import { excerpt, type Hit, mostHits, search } from './search.ts';
import type { File } from './tree.ts';
import { Visible } from './visible.tsx';

interface Props {
	text: string;
	files: readonly File[];
	/** Whose hits come first. */
	open: File | null;
	place: Place;
	sourceKey: SourceKey;
	current: Hit | null;
	onHits(hits: readonly Hit[]): void;
	onHit(hit: Hit | null): void;
}

/** As many as a person looks through. */
const mostShown = 300;

export function SearchResults({
	text,
	files,
	open,
	place,
	sourceKey,
	current,
	onHits,
	onHit,
}: Props) {
	const all = useLoaded(`${sourceKey.address} ${sourceKey.hash}`, () => loadAll(sourceKey));
	const { hits, isCut } = useMemo(
		() => (all.state === 'ready' ? search(all.value, text) : { hits: [], isCut: false }),
		[all, text],
	);
	useEffect(() => {
		onHits(hits);
		onHit(null);
		return () => {
			onHits([]);
			onHit(null);
		};
	}, [hits, onHits, onHit]);
	const hrefOfHit = (hit: Hit) => {
		const file = files.find(({ path }) => path === hit.path) ?? null;
		return hrefOf({ ...place, tab: 'code', file, lines: { from: hit.line, to: hit.line } });
	};
	const go = (by: number) => {
		const inOpen = hits.findIndex(({ path }) => path === open?.path);
		const at = current ? hits.indexOf(current) + by : Math.max(0, inOpen);
		const hit = hits[(at + hits.length) % hits.length];
		if (!hit) return;
		onHit(hit);
		navigate(hrefOfHit(hit), { replace: true });
		announce(`hit ${hits.indexOf(hit) + 1} of ${hits.length}, line ${hit.line} of ${hit.path}`);
	};
	useEffect(() => onKey('n', () => go(1)));
	useEffect(() => onKey('p', () => go(-1)));
	if (all.state === 'loading') return <p class="quiet side-empty">Loading all files…</p>;
	if (all.state === 'refused') return <p class="side-empty">{all.refusal.message}</p>;
	const inFiles = new Set(hits.map(({ path }) => path)).size;
	return (
		<div class="hits">
			<p class="quiet side-empty" role="status">
				{hits.length === 0
					? 'Found nowhere'
					: `${isCut ? `More than ${mostHits} hits` : counted(hits.length, 'hit')} in ${counted(inFiles, 'file')}`}
				{hits.length > 1 && (
					<>
						; <kbd>n</kbd> next, <kbd>p</kbd> previous
					</>
				)}
			</p>
			<ol>
				{hits.slice(0, mostShown).map((hit, index) => (
					<li key={`${hit.path}:${hit.line}:${hit.column}`}>
						{hits[index - 1]?.path !== hit.path && <HitFile path={hit.path} />}
						<HitLink hit={hit} href={hrefOfHit(hit)} isCurrent={hit === current} onPick={onHit} />
					</li>
				))}
			</ol>
			{hits.length > mostShown && (
				<p class="quiet side-empty">
					The first {mostShown} are listed; the keys go on to the others.
				</p>
			)}
		</div>
	);
}

function HitFile({ path }: { path: string }) {
	const at = path.lastIndexOf('/') + 1;
	return (
		<p class="hit-file" title={withCodes(path)}>
			<strong>
				<Visible text={path.slice(at) || '(no name)'} />
			</strong>
			<span>
				<Visible text={path.slice(0, at)} />
			</span>
		</p>
	);
}

interface HitLinkProps {
	hit: Hit;
	href: string;
	isCurrent: boolean;
	onPick(hit: Hit): void;
}

function HitLink({ hit, href, isCurrent, onPick }: HitLinkProps) {
	const [before, found, after] = excerpt(hit);
	return (
		<a
			class="hit"
			href={href}
			aria-current={isCurrent ? 'true' : undefined}
			onClick={() => onPick(hit)}
		>
			<span class="hit-line">{hit.line}</span>
			<code>
				<Visible text={before} />
				<mark>{found}</mark>
				<Visible text={after} />
			</code>
		</a>
	);
}
