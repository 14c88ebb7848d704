import { useTitle } from './title.ts';

export function Nothing() {
	useTitle('Nothing here');
	return (
		<section class="panel">
			<h1>There is nothing here</h1>
			<p>
				A contract is at its chain and address, such as{' '}
				<a href="/1/0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2">/1/0xC02aaA39…</a>.
			</p>
			<p>
				<a href="/">To the start</a>
			</p>
		</section>
	);
}
