import './home.css';
import { AddressField } from '../field/address-field.tsx';
import { useTitle } from '../shell/title.ts';
import { Recent } from './recent.tsx';

export function Home() {
	useTitle();
	return (
		<div class="home">
			<section class="home-ask">
				<h1>Read the source of a contract</h1>
				<AddressField chain="1" />
				<p class="home-what">
					Paste an address and watch its verified source arrive from Etherscan, Sourcify or
					Blockscout. Every file, the ABI, the settings and all earlier versions stay here, under a
					link that you can send. “Not verified” is only ever said when an explorer has said so.
				</p>
			</section>
			<Recent />
		</div>
	);
}
