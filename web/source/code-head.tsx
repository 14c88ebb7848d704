import { useEffect, useRef } from 'preact/hooks';
import type { Source } from '../contract/shown.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import { bytes, counted } from '../parts/times.ts';
import { onKey } from '../shell/keys.ts';
import { loadFile, type SourceKey, standardJsonUrl } from './files.ts';
import { countInvisible } from './invisible.ts';
import { type LineRange, linesOf, splitLines } from './lines.ts';
import type { File } from './tree.ts';
import { Visible } from './visible.tsx';

interface Props {
	file: File;
	sourceKey: SourceKey;
	source: Source;
	/** Null until it is there. */
	text: string | null;
	lines: LineRange | null;
	onLines(range: LineRange): void;
	onFiles(): void;
}

export function CodeHead({ file, sourceKey, source, text, lines, onLines, onFiles }: Props) {
	const unseen = text === null ? 0 : countInvisible(text);
	return (
		<>
			<div class="code-head">
				<button type="button" class="button files-button" onClick={onFiles}>
					<Icon name="files" />
					Files
				</button>
				<h2 class="code-path">
					<Visible text={file.path || '(no name)'} />
				</h2>
				<p class="code-facts">
					{text !== null && <span>{counted(splitLines(text).length, 'line')}</span>}
					<span>{bytes(file.size)}</span>
				</p>
				<div class="code-actions">
					<LineField lines={lines} onLines={onLines} />
					<CopyButton
						what={lines ? 'these lines' : 'this file'}
						text={async () => within(await loadFile(sourceKey, file), lines)}
					/>
					<a
						class="icon-button"
						href={file.url}
						target="_blank"
						rel="noreferrer"
						title="Plain text"
					>
						<Icon name="raw" />
						<span class="unshown">Plain text</span>
					</a>
					<Downloads {...{ file, sourceKey, source }} />
				</div>
			</div>
			{unseen > 0 && (
				<p class="code-note" role="note">
					<Icon name="warn" />
					<span>
						{counted(unseen, 'character')} of this file cannot be seen, or{' '}
						{unseen === 1 ? 'changes' : 'change'} the order of others: they are shown as marks, such
						as <span class="unseen">U+202E</span>
					</span>
				</p>
			)}
		</>
	);
}

function within(text: string, lines: LineRange | null): string {
	if (!lines) return text;
	return splitLines(text)
		.slice(lines.from - 1, lines.to)
		.join('\n');
}

/** To go to a line, or to select a range, without a mouse. */
function LineField({ lines, onLines }: Pick<Props, 'lines' | 'onLines'>) {
	const field = useRef<HTMLInputElement>(null);
	useEffect(() => onKey('l', () => field.current?.select()), []);
	const shown = lines
		? lines.from === lines.to
			? `${lines.from}`
			: `${lines.from}-${lines.to}`
		: '';
	return (
		<form
			class="line-field"
			onSubmit={(event) => {
				event.preventDefault();
				const range = linesOf(`#L${field.current?.value.replace(/[L\s]/gi, '') ?? ''}`);
				if (range) onLines(range);
				field.current?.blur();
			}}
		>
			<input
				ref={field}
				type="text"
				inputMode="numeric"
				placeholder="line"
				aria-label="Go to line, or to lines such as 20-40"
				title="Go to line (l)"
				key={shown}
				defaultValue={shown}
			/>
		</form>
	);
}

function Downloads({ file, sourceKey, source }: Pick<Props, 'file' | 'sourceKey' | 'source'>) {
	const zip = `/contracts/${sourceKey.chainId}/${sourceKey.address}/source.zip?hash=${sourceKey.hash}`;
	const name = file.path.split('/').at(-1) ?? 'file';
	return (
		<details class="menu">
			<summary class="button">
				<Icon name="download" />
				<span>Download</span>
			</summary>
			<ul>
				<li>
					<a href={file.url} download={name}>
						This file
					</a>
				</li>
				<li>
					<a href={zip} download>
						All files, zip
					</a>
				</li>
				<li>
					<a href={standardJsonUrl(sourceKey)} download={`${source.name}.json`}>
						Standard JSON
					</a>
				</li>
			</ul>
		</details>
	);
}
