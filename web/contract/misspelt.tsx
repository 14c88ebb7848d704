import type { Chain } from '../api/chains.ts';
import type { WrongAddress as Wrong } from '../field/find-addresses.ts';
import { type ContractRoute, hrefOf } from '../route.ts';
import { useTitle } from '../shell/title.ts';
import { withCodes } from '../source/invisible.ts';
import { nearest } from './nearest-chains.ts';

interface WrongAddressProps {
	text: string;
	problem: Omit<Wrong, 'text'>;
}

/** Of a link whose address is none: which character is wrong. */
export function WrongAddress({ text, problem: { problem, at } }: WrongAddressProps) {
	useTitle('No address');
	return (
		<section class="panel panel-error">
			<h1>This is not an address</h1>
			<p class="wrong-address">
				<code>
					{withCodes(at === null ? text : text.slice(0, at))}
					{at !== null && <mark>{withCodes(text.slice(at, at + 1))}</mark>}
					{at !== null && withCodes(text.slice(at + 1))}
				</code>
			</p>
			<p>It {problem}.</p>
			<p>
				<a href="/">Ask for another one</a>
			</p>
		</section>
	);
}

interface WrongChainProps {
	route: ContractRoute;
	chains: readonly Chain[];
}

export function WrongChain({ route, chains }: WrongChainProps) {
	useTitle('Unknown chain');
	return (
		<section class="panel panel-error">
			<h1>Chain {withCodes(route.chain)} is not served here</h1>
			<p>Did you mean one of these?</p>
			<ul class="places">
				{nearest(route.chain, chains).map(({ id, name }) => (
					<li key={id}>
						<a href={hrefOf({ chain: String(id), address: route.address })}>
							{name} ({id})
						</a>
					</li>
				))}
			</ul>
		</section>
	);
}
