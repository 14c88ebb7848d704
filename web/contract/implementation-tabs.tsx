import { hrefOf, type Place } from '../route.ts';
import { withCodes } from '../source/invisible.ts';
import type { Contract } from './follow.ts';
import type { Source } from './shown.tsx';

interface Props {
	contract: Contract;
	source: Source;
	place: Place;
	shown: string;
}

/** A proxy keeps no code of its own worth reading: what it leads to comes first. */
export function ImplementationTabs({ contract, source, place, shown }: Props) {
	const { implementations } = source;
	const several = implementations.length > 3;
	return (
		<nav class="tabs tabs-proxy" aria-label="Proxy and implementations">
			{!several &&
				implementations.map(({ address, contract: other }) => (
					<a
						key={address}
						href={hrefOf({ ...place, of: address })}
						aria-current={address === shown ? 'true' : undefined}
						title={address}
					>
						Implementation: {withCodes(other?.source?.name ?? `${address.slice(0, 8)}…`)}
					</a>
				))}
			<a
				href={hrefOf({ ...place, of: contract.address })}
				aria-current={contract.address === shown ? 'true' : undefined}
			>
				Proxy: {withCodes(source.name)}
			</a>
			{several && (
				<details class="implementations" open={implementations.length <= 12}>
					<summary>{implementations.length} implementations</summary>
					<ul>
						{implementations.map(({ address, contract: other }) => (
							<li key={address}>
								<a
									href={hrefOf({ ...place, of: address })}
									aria-current={address === shown ? 'true' : undefined}
								>
									{withCodes(other?.source?.name ?? 'no source')} <code>{address}</code>
								</a>
							</li>
						))}
					</ul>
				</details>
			)}
		</nav>
	);
}
