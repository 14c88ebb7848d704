import { Icon } from './icon.tsx';

interface Props {
	label: string;
	name: string;
	text(): string;
}

/** Saves a text that the page has made. */
export function SaveButton({ label, name, text }: Props) {
	const save = () => {
		const url = URL.createObjectURL(new Blob([text()], { type: 'application/octet-stream' }));
		const link = document.createElement('a');
		link.href = url;
		link.download = name;
		link.click();
		URL.revokeObjectURL(url);
	};
	return (
		<button type="button" class="button" onClick={save}>
			<Icon name="download" />
			{label}
		</button>
	);
}
