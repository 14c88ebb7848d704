import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { hrefOf, type Place } from '../route.ts';
import { closedAtFirst, type File, type Folder, treeOf } from './tree.ts';
import { Visible } from './visible.tsx';

interface Props {
	files: readonly File[];
	open: File | null;
	place: Place;
	isFiltered: boolean;
}

export function FileTree({ files, open, place, isFiltered }: Props) {
	if (files.length === 0) return <p class="quiet side-empty">No file has that in its path.</p>;
	const tree = treeOf(files);
	return (
		<nav class="tree" aria-label="File tree">
			<Entries folder={tree} {...{ files, open, place, isFiltered }} />
		</nav>
	);
}

function Entries({ folder, ...props }: Props & { folder: Folder }) {
	const { open, place } = props;
	return (
		<ul>
			{folder.folders.map((inner) => (
				<FolderEntry key={inner.path} folder={inner} {...props} />
			))}
			{folder.files.map((file) => (
				<li key={file.number}>
					<a
						class="tree-file"
						href={hrefOf({ ...place, tab: 'code', file })}
						aria-current={file.number === open?.number ? 'page' : undefined}
					>
						<Icon name="file" />
						<Visible text={file.name || '(no name)'} />
					</a>
				</li>
			))}
		</ul>
	);
}

function FolderEntry({ folder, ...props }: Props & { folder: Folder }) {
	const [chosen, setChosen] = useState<boolean | null>(null);
	const isOpen =
		props.isFiltered || (chosen ?? !closedAtFirst(folder, props.files, props.open?.path ?? ''));
	return (
		<li>
			<button
				type="button"
				class="tree-folder"
				aria-expanded={isOpen}
				onClick={() => setChosen(!isOpen)}
			>
				<Icon name="open" />
				<Visible text={folder.name || '(no name)'} />
			</button>
			{isOpen && <Entries folder={folder} {...props} />}
		</li>
	);
}
