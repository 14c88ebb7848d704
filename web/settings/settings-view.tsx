import './settings.css';
import type { ComponentChildren } from 'preact';
import type { Contract } from '../contract/follow.ts';
import type { Source } from '../contract/shown.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Ago } from '../parts/time.tsx';
import { bytes, counted, wholeTime } from '../parts/times.ts';
import { hrefOf } from '../route.ts';
import { Visible } from '../source/visible.tsx';
import { WholeSettings } from './whole-settings.tsx';

interface Props {
	contract: Contract;
	source: Source;
}

const matchWords = {
	EXACT:
		'Exact: the bytecode is the same, down to the hash of the metadata, so names and comments are the author’s',
	PARTIAL: 'Partial: the bytecode is the same, the metadata is not; names and comments may differ',
	UNKNOWN: 'The explorer does not say how well it matches',
} as const;

const providers = {
	ETHERSCAN: 'Etherscan',
	SOURCIFY: 'Sourcify',
	BLOCKSCOUT: 'Blockscout',
} as const;

/** How it was compiled, and who says that this is its source. */
export function SettingsView({ contract, source }: Props) {
	const { optimizer, libraries, remappings, constructorArguments } = source;
	const hasArguments = constructorArguments !== '0x';
	const chain = String(contract.chainId);
	return (
		<div class="settings">
			<Group title="Compiler">
				<Fact name="Language">{source.language}</Fact>
				<Fact name="Version">
					<code>{source.compilerVersion || 'not said'}</code>
				</Fact>
				<Fact name="EVM version">{source.evmVersion ?? 'the compiler’s default'}</Fact>
				<Fact name="Optimizer">
					{optimizer.enabled
						? `on${optimizer.runs === null ? '' : `, ${counted(optimizer.runs, 'run')}`}`
						: 'off'}
				</Fact>
				<Fact name="Through Yul">{source.viaIR ? 'yes (viaIR)' : 'no'}</Fact>
				<Fact name="Licence">
					<Visible text={source.license ?? 'not said'} />
				</Fact>
				<Fact name="Libraries">
					{libraries.length === 0
						? 'none'
						: libraries.map(({ name, address }) => (
								<p key={name}>
									<Visible text={name} />{' '}
									<a href={hrefOf({ chain, address })}>
										<code>{address}</code>
									</a>
								</p>
							))}
				</Fact>
				<Fact name="Remappings">
					{remappings.length === 0 ? 'none' : <pre>{remappings.join('\n')}</pre>}
				</Fact>
				<Fact name="Constructor arguments">
					{hasArguments ? (
						<>
							<pre class="hex">{constructorArguments}</pre>
							<CopyButton what="constructor arguments" text={constructorArguments} />
						</>
					) : (
						'none known'
					)}
				</Fact>
			</Group>
			<Group title="Provenance">
				<Fact name="From">
					{providers[source.provider]}, {source.origin}
				</Fact>
				<Fact name="Match">{matchWords[source.match]}</Fact>
				{source.similarMatch && (
					<Fact name="Taken from">
						<a href={hrefOf({ chain, address: source.similarMatch })}>
							<code>{source.similarMatch}</code>
						</a>
						, which has the same bytecode
					</Fact>
				)}
				<Fact name="Fetched">
					{wholeTime(source.fetchedAt)} (<Ago at={source.fetchedAt} />)
				</Fact>
				<Fact name="Size">
					{counted(source.fileCount, 'file')}, {bytes(source.size)}
				</Fact>
				<Fact name="SHA-256">
					<code class="hex">{source.hash}</code> <CopyButton what="hash" text={source.hash} />
				</Fact>
			</Group>
			<WholeSettings
				sourceKey={{ chainId: contract.chainId, address: contract.address, hash: source.hash }}
			/>
		</div>
	);
}

function Group({ title, children }: { title: string; children: ComponentChildren }) {
	return (
		<section class="settings-group">
			<h2>{title}</h2>
			<dl class="facts">{children}</dl>
		</section>
	);
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
	return (
		<div class="fact">
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}
