import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../contract/shown.tsx';
import { Icon } from '../parts/icon.tsx';
import { bytes, counted } from '../parts/times.ts';
import type { Place } from '../route.ts';
import { onKey } from '../shell/keys.ts';
import { FileTree } from './file-tree.tsx';
import type { SourceKey } from './files.ts';
import type { Hit } from './search.ts';
import { SearchResults } from './search-results.tsx';
import { type File, filtered } from './tree.ts';

interface Props {
	source: Source;
	files: readonly File[];
	open: File | null;
	place: Place;
	sourceKey: SourceKey;
	current: Hit | null;
	onHits(hits: readonly Hit[]): void;
	onHit(hit: Hit | null): void;
	onClose(): void;
}

/** The files, or what a search has found in them; on a phone a sheet from below. */
export function SidePanel({
	files,
	open,
	place,
	sourceKey,
	current,
	onHits,
	onHit,
	onClose,
}: Props) {
	const [filter, setFilter] = useState('');
	const [text, setText] = useState('');
	const filterField = useRef<HTMLInputElement>(null);
	const searchField = useRef<HTMLInputElement>(null);
	useEffect(() => onKey('t', () => focus(filterField.current)), []);
	useEffect(() => onKey('f', () => focus(searchField.current)), []);
	const shown = filtered(files, filter);
	const size = files.reduce((sum, file) => sum + file.size, 0);
	return (
		<aside class="side" aria-label="Files">
			<div class="side-fields">
				<label class="side-field">
					<Icon name="search" />
					<input
						ref={searchField}
						type="search"
						placeholder="Search in all files"
						aria-label="Search in all files"
						aria-keyshortcuts="f"
						value={text}
						onInput={(event) => setText(event.currentTarget.value)}
					/>
					<kbd>f</kbd>
				</label>
				{files.length > 1 && (
					<label class="side-field">
						<Icon name="file" />
						<input
							ref={filterField}
							type="search"
							placeholder="Filter files"
							aria-label="Filter files"
							aria-keyshortcuts="t"
							value={filter}
							onInput={(event) => setFilter(event.currentTarget.value)}
						/>
						<kbd>t</kbd>
					</label>
				)}
				<button type="button" class="icon-button side-close" aria-label="Close" onClick={onClose}>
					<Icon name="cross" />
				</button>
			</div>
			<div class="side-list">
				{text ? (
					<SearchResults {...{ text, files, open, place, sourceKey, current, onHits, onHit }} />
				) : (
					<FileTree files={shown} open={open} place={place} isFiltered={filter !== ''} />
				)}
			</div>
			<p class="side-foot">
				{filter && !text
					? `${shown.length} of ${files.length} files`
					: counted(files.length, 'file')}
				, {bytes(size)}
			</p>
		</aside>
	);
}

/** On a phone the sheet is open when its field has the focus. */
function focus(field: HTMLInputElement | null): void {
	field?.focus();
	field?.select();
}
