import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../contract/nobody.tsx';
import type { Source } from '../contract/shown.tsx';
import { navigate } from '../navigation.ts';
import { Loading } from '../parts/lazy.tsx';
import { useLoaded } from '../parts/load.ts';
import { hrefOf, type Place } from '../route.ts';
import { languageOf } from '../tokens/languages.ts';
import { CodeHead } from './code-head.tsx';
import { type CodeView, openCodeView } from './code-view.ts';
import { loadFile, type SourceKey } from './files.ts';
import { extended, type LineRange } from './lines.ts';
import type { Hit } from './search.ts';
import type { File } from './tree.ts';

interface Props {
	file: File;
	sourceKey: SourceKey;
	source: Source;
	place: Place;
	lines: LineRange | null;
	hits: readonly Hit[];
	current: Hit | null;
	/** Opens the list of files where it is not beside. */
	onFiles(): void;
}

export function CodePane({ file, sourceKey, source, place, lines, hits, current, onFiles }: Props) {
	const loaded = useLoaded(file.url, async () => {
		const text = await loadFile(sourceKey, file);
		return { path: file.path, text };
	});
	const host = useRef<HTMLElement>(null);
	const [view, setView] = useState<CodeView | null>(null);
	const content = loaded.state === 'ready' ? loaded.value : null;
	const language = languageOf(content?.path ?? '', source.language);
	useEffect(() => {
		if (!host.current || !content) return;
		const opened = openCodeView(host.current, content.text, language);
		setView(opened);
		return () => opened.close();
	}, [content, language]);
	useEffect(() => {
		if (content?.path !== file.path) return;
		view?.select(lines);
		if (lines) view?.scrollTo(lines);
	}, [view, content, file.path, lines]);
	useEffect(() => {
		const own = hits.filter(({ path }) => path === file.path);
		view?.mark(own, current);
	}, [view, hits, current, file.path]);
	const select = (range: LineRange) => {
		navigate(hrefOf({ ...place, tab: 'code', file, lines: range }), { replace: true });
	};
	return (
		<section class="code-pane" aria-label={`Source of ${file.path}`}>
			<CodeHead
				{...{ file, sourceKey, source, lines, onFiles }}
				text={content?.path === file.path ? content.text : null}
				onLines={select}
			/>
			{loaded.state === 'refused' && <Refusal refusal={loaded.refusal} />}
			{loaded.state === 'loading' && <Loading />}
			{/* biome-ignore lint/a11y/useKeyWithClickEvents: the field for lines does the same for the keyboard. */}
			<section
				ref={host}
				class="code"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
				tabIndex={0}
				aria-label="Code"
				onClick={(event) => {
					const line = clickedLine(event, host.current);
					if (line) select(extended(lines, line, event.shiftKey));
				}}
			/>
		</section>
	);
}

/** The line whose number was clicked: the numbers stand at the left edge, however far the code is scrolled. */
function clickedLine(event: MouseEvent, host: HTMLElement | null): number | null {
	const line = event.target instanceof Element ? event.target.closest<HTMLElement>('.line') : null;
	if (!line || !host) return null;
	const width = Number.parseFloat(getComputedStyle(line, '::before').width);
	const isNumber = event.clientX - host.getBoundingClientRect().left < width;
	return isNumber ? Number(line.dataset['line']) : null;
}
