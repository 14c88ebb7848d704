import { Icon } from '../parts/icon.tsx';
import { withCodes } from '../source/invisible.ts';
import { type Found, mostAddresses, type WrongAddress } from './find-addresses.ts';

const mostShown = 6;

/** What the field has found in its text, with what is wrong beside each. */
export function FoundAddresses({ found: { addresses, wrong } }: { found: Found }) {
	const isTooMany = addresses.length > mostAddresses;
	return (
		<div class="found" id="found-addresses">
			{addresses.length > 0 && (
				<p>
					{addresses.length === 1 ? 'One address' : `${addresses.length} addresses`} found
					{isTooMany && `; the first ${mostAddresses} are taken, ask for the others afterwards`}
				</p>
			)}
			{wrong.length > 0 && (
				<ul>
					{wrong.slice(0, mostShown).map((one) => (
						<li key={one.text}>
							<Icon name="warn" />
							<span>
								<Word wrong={one} /> {one.problem}
							</span>
						</li>
					))}
					{wrong.length > mostShown && <li>and {wrong.length - mostShown} more</li>}
				</ul>
			)}
		</div>
	);
}

/** The text as it was pasted, with the wrong character marked. */
function Word({ wrong: { text, at } }: { wrong: WrongAddress }) {
	if (at === null || at === 0) return <code>{shortened(text)}</code>;
	return (
		<code>
			{text.slice(0, at)}
			<mark>{withCodes(text.slice(at, at + 1))}</mark>
			{shortened(text.slice(at + 1))}
		</code>
	);
}

function shortened(text: string): string {
	return withCodes(text.length > 66 ? `${text.slice(0, 60)}…` : text);
}
