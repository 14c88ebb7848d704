import './field.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useChains } from '../api/chains.ts';
import { navigate } from '../navigation.ts';
import { hrefOf, listHref } from '../route.ts';
import { announce } from '../shell/announce.tsx';
import { onKey } from '../shell/keys.ts';
import { ChainSelect } from './chain-select.tsx';
import { chainOfLink, type Found, findAddresses, mostAddresses } from './find-addresses.ts';
import { FoundAddresses } from './found-addresses.tsx';

/** Takes one address, or any text with many in it. */
export function AddressField({ chain, isSmall = false }: { chain: string; isSmall?: boolean }) {
	const [text, setText] = useState('');
	const [chosen, setChosen] = useState<string | null>(null);
	const [isAsked, setAsked] = useState(false);
	const field = useRef<HTMLTextAreaElement>(null);
	const chains = useChains();
	const found = findAddresses(text);
	const linked = chainOfLink(text, chains ?? []);
	const chainId = chosen ?? linked?.toString() ?? chain;
	useEffect(() => onKey('/', () => field.current?.focus()), []);

	function submit(): void {
		setAsked(true);
		const addresses = found.addresses.slice(0, mostAddresses);
		const [first] = addresses;
		if (!first) {
			if (found.wrong[0]) announce(`${found.wrong[0].text} ${found.wrong[0].problem}`);
			field.current?.focus();
			return;
		}
		const href =
			addresses.length === 1
				? hrefOf({ chain: chainId, address: first })
				: listHref(chainId, addresses);
		navigate(href, { intent: { submit: true } });
		setText('');
		setChosen(null);
		setAsked(false);
		field.current?.blur();
	}

	const isShown = isAsked || isWorthShowing(text, found);
	const hasProblem = isShown && found.wrong.length > 0;
	return (
		<form
			class={`address-field ${isSmall ? 'address-field-small' : ''}`}
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
		>
			<div class="address-row">
				<textarea
					ref={field}
					class="address-input"
					rows={isSmall ? 1 : Math.min(8, Math.max(1, text.split('\n').length))}
					spellcheck={false}
					autocapitalize="off"
					autocomplete="off"
					enterkeyhint="go"
					aria-label="Address of a contract, or a text with several"
					aria-invalid={hasProblem}
					aria-describedby={isShown ? 'found-addresses' : undefined}
					placeholder={isSmall ? '0x…' : '0x… — one address, or paste a text with many'}
					value={text}
					onInput={(event) => {
						setText(event.currentTarget.value);
						setAsked(false);
					}}
					onKeyDown={(event) => {
						if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
						event.preventDefault();
						submit();
					}}
				/>
				<ChainSelect chains={chains} value={chainId} onChange={setChosen} />
				<button type="submit" class="button button-main">
					{isSmall ? 'Go' : found.addresses.length > 1 ? 'Get them' : 'Get it'}
				</button>
			</div>
			{isShown && text.trim() !== '' && <FoundAddresses found={found} />}
		</form>
	);
}

/** While somebody is still typing an address, it is too short and no mistake. */
function isWorthShowing(text: string, { addresses, wrong }: Found): boolean {
	if (addresses.length > 1 || (addresses.length > 0 && wrong.length > 0)) return true;
	const [only] = wrong;
	return (
		only !== undefined && (text.trim().length >= 42 || (only.at !== null && text.trim().length > 2))
	);
}
