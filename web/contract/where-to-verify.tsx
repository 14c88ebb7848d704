import { Icon } from '../parts/icon.tsx';

interface Props {
	explorerUrl: string | null;
	address: string;
}

export function WhereToVerify({ explorerUrl, address }: Props) {
	const places = [
		['Sourcify', 'https://verify.sourcify.dev/'],
		...(explorerUrl
			? [['the chain’s explorer', `${explorerUrl}/verifyContract?a=${address}`] as const]
			: []),
	] as const;
	return (
		<ul class="places">
			{places.map(([name, href]) => (
				<li key={name}>
					<a href={href} target="_blank" rel="noreferrer">
						Verify it at {name}
						<Icon name="away" />
					</a>
				</li>
			))}
		</ul>
	);
}
