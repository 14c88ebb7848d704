export interface PatchLine {
	order: number;
	kind: 'same' | 'added' | 'removed' | 'hunk';
	text: string;
	/** Its number in the old file and in the new one. */
	from: number | null;
	to: number | null;
}

/** The lines of a unified diff, with their numbers. */
export function readPatch(patch: string): PatchLine[] {
	const lines: PatchLine[] = [];
	let [from, to] = [0, 0];
	const add = (line: Omit<PatchLine, 'order'>) => lines.push({ order: lines.length, ...line });
	let isInHunk = false;
	for (const line of patch.replace(/\n$/, '').split('\n')) {
		const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
		if (hunk) {
			[from, to] = [Number(hunk[1]), Number(hunk[2])];
			isInHunk = true;
			add({ kind: 'hunk', text: line, from: null, to: null });
			continue;
		}
		if (!isInHunk) continue;
		const text = line.slice(1);
		if (line.startsWith('+')) add({ kind: 'added', text, from: null, to: to++ });
		else if (line.startsWith('-')) add({ kind: 'removed', text, from: from++, to: null });
		else if (line.startsWith('\\'))
			add({ kind: 'hunk', text: line.slice(2), from: null, to: null });
		else add({ kind: 'same', text, from: from++, to: to++ });
	}
	return lines;
}

export function countChanges(lines: readonly PatchLine[]): { added: number; removed: number } {
	const count = (kind: PatchLine['kind']) => lines.filter((line) => line.kind === kind).length;
	return { added: count('added'), removed: count('removed') };
}
