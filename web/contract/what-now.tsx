import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Clock } from '../parts/time.tsx';
import { until } from '../parts/times.ts';
import { errorWords, waitingWords } from './error-words.ts';
import type { Contract } from './follow.ts';
import type { Submission } from './submit.ts';
import { WhereToVerify } from './where-to-verify.tsx';

interface Props {
	contract: Contract;
	submission: Submission;
	explorerUrl: string | null;
	onOtherChain(): void;
}

/** What the contract waits for, or why there is no source: what happens next, and what one can do. */
export function WhatNow(props: Props) {
	const { contract } = props;
	if (contract.status === 'SUCCESS') return null;
	return contract.status === 'ERROR' ? <Failed {...props} /> : <Waiting contract={contract} />;
}

function Waiting({
	contract: { status, error, nextAttemptAt, attempts, source },
}: {
	contract: Contract;
}) {
	const now = useNow(1_000);
	const left = nextAttemptAt ? until(nextAttemptAt, now) : null;
	const headline = error
		? (waitingWords[error.code] ?? 'The last attempt failed')
		: status === 'CREATED'
			? 'Waiting in line'
			: 'Downloading';
	return (
		<section class={`panel ${error ? 'panel-warn' : ''}`}>
			<h2>
				<Icon name={error ? 'warn' : 'wait'} />
				{headline}
			</h2>
			{error && <p>{error.message}</p>}
			<p>
				{nextAttemptAt && left ? (
					<>
						{error || status === 'PROCESS' ? 'It is tried again' : 'Its turn comes'}{' '}
						{error ? '' : 'about '}
						<strong>{left}</strong>, at <Clock at={nextAttemptAt} />
						{attempts > 0 && `; attempts so far: ${attempts}`}. There is nothing to do.
					</>
				) : status === 'CREATED' ? (
					'A worker takes it in a moment.'
				) : (
					'The explorer is asked for it now.'
				)}
				{source && ' Until then the source below stays.'}
			</p>
		</section>
	);
}

function Failed({ contract, submission, explorerUrl, onOtherChain }: Props) {
	const { error, address, attempts, source } = contract;
	const words = errorWords[error?.code ?? 'INTERNAL'];
	return (
		<section class="panel panel-error">
			<h2>
				<Icon name="cross" />
				{words.headline}
			</h2>
			<p>{words.next}</p>
			{error && (
				<p class="quiet">
					{error.code} after {attempts} {attempts === 1 ? 'attempt' : 'attempts'}: {error.message}
				</p>
			)}
			{source && <p>The source that was stored before stays below.</p>}
			{error?.code === 'NOT_VERIFIED' && (
				<WhereToVerify explorerUrl={explorerUrl} address={address} />
			)}
			<p class="panel-actions">
				{words.again ? (
					<button
						type="button"
						class="button button-main"
						disabled={submission.isUnderWay}
						onClick={() => submission.submit(true)}
					>
						<Icon name="refresh" />
						Look again
					</button>
				) : (
					<button type="button" class="button" onClick={onOtherChain}>
						Ask for another contract
					</button>
				)}
			</p>
		</section>
	);
}
