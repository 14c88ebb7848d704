import { useEffect, useState } from 'preact/hooks';

const said = new EventTarget();

/** Says it to a screen reader once it has finished its sentence. */
export function announce(text: string): void {
	said.dispatchEvent(new CustomEvent('say', { detail: text }));
}

export function Announcer() {
	const [text, setText] = useState('');
	useEffect(() => {
		const say = (event: Event) => setText((event as CustomEvent<string>).detail);
		said.addEventListener('say', say);
		return () => said.removeEventListener('say', say);
	}, []);
	return (
		<div class="unshown" role="status">
			{text}
		</div>
	);
}
