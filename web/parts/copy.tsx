import { useState } from 'preact/hooks';
import { announce } from '../shell/announce.tsx';
import { Icon } from './icon.tsx';

/** Pages over plain HTTP have no clipboard but the old one. */
export async function copyText(text: string): Promise<void> {
	if (navigator.clipboard) return navigator.clipboard.writeText(text);
	const field = document.createElement('textarea');
	field.value = text;
	document.body.append(field);
	field.select();
	document.execCommand('copy');
	field.remove();
}

interface Props {
	/** What is copied, as a noun: “address”. */
	what: string;
	text: string | (() => Promise<string>);
	/** Stands beside the icon. */
	label?: string;
}

export function CopyButton({ what, text, label }: Props) {
	const [isDone, setDone] = useState(false);
	const copy = async () => {
		await copyText(typeof text === 'string' ? text : await text());
		announce(`${what} copied`);
		setDone(true);
		setTimeout(() => setDone(false), 1_500);
	};
	return (
		<button
			type="button"
			class={label ? 'button' : 'icon-button'}
			aria-label={label ? undefined : `Copy ${what}`}
			title={`Copy ${what}`}
			onClick={() => void copy()}
		>
			<Icon name={isDone ? 'check' : 'copy'} />
			{label && <span>{isDone ? 'Copied' : label}</span>}
		</button>
	);
}
