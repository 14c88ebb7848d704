import { useState } from 'preact/hooks';
import { useLoaded } from '../parts/load.ts';
import { loadStandardJson, type SourceKey } from '../source/files.ts';

/** Everything the compiler was told, but for the files. */
export function WholeSettings({ sourceKey }: { sourceKey: SourceKey }) {
	const [isOpen, setOpen] = useState(false);
	return (
		<details class="settings-whole" onToggle={(event) => setOpen(event.currentTarget.open)}>
			<summary>All settings as the compiler took them</summary>
			{isOpen && <Json sourceKey={sourceKey} />}
		</details>
	);
}

function Json({ sourceKey }: { sourceKey: SourceKey }) {
	const loaded = useLoaded(sourceKey.hash, async () => {
		const { settings } = await loadStandardJson(sourceKey);
		return JSON.stringify(settings, null, 2);
	});
	if (loaded.state === 'loading') return <p class="quiet">Loading…</p>;
	if (loaded.state === 'refused') return <p>{loaded.refusal.message}</p>;
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
		<pre class="settings-json" tabIndex={0}>
			{loaded.value}
		</pre>
	);
}
