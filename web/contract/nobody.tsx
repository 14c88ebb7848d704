import type { Refused } from '../api/ask.ts';
import { Icon } from '../parts/icon.tsx';
import { refusalHeadline } from './error-words.ts';
import type { Submission } from './submit.ts';

interface Props {
	submission: Submission;
	chain: string;
	address: string;
	explorerUrl: string | null;
}

/** Of a contract that nobody has submitted. */
export function Nobody({ submission, chain }: Props) {
	return (
		<section class="panel">
			<h2>Nobody has asked for this contract yet</h2>
			<p>
				Its source may be at an explorer of {chain}. Getting it takes a moment; this page shows it
				come.
			</p>
			<p class="panel-actions">
				<button
					type="button"
					class="button button-main"
					disabled={submission.isUnderWay}
					onClick={() => submission.submit(false)}
				>
					<Icon name="download" />
					{submission.isUnderWay ? 'Asking…' : 'Get it'}
				</button>
			</p>
		</section>
	);
}

export function Refusal({ refusal }: { refusal: Refused }) {
	return (
		<section class="panel panel-warn" role="alert">
			<h2>
				<Icon name="warn" />
				{refusalHeadline(refusal)}
			</h2>
			<p>{refusal.message}</p>
			{refusal.retryAfter !== null && <p>Come back in {amountOf(refusal.retryAfter)}.</p>}
		</section>
	);
}

function amountOf(seconds: number): string {
	return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
}
