import { cutAtInvisible } from './invisible.ts';

/** A text of strangers, with what cannot be seen in it as small marks. */
export function Visible({ text }: { text: string }) {
	return (
		<bdi dir="ltr">
			{cutAtInvisible(text).map((part) =>
				typeof part === 'string' ? (
					part
				) : (
					<span key={part.at} class="unseen" title={part.name}>
						{part.code}
					</span>
				),
			)}
		</bdi>
	);
}
