import type { ContractStatus } from '../api/documents.ts';

const words: Readonly<Record<ContractStatus, string>> = {
	CREATED: 'Waiting in line',
	PROCESS: 'Downloading',
	SUCCESS: 'Source stored',
	ERROR: 'No source',
};

/** A shape for each beside its word, so that no colour is needed to tell them apart. */
export function Status({
	status,
	isWaiting = false,
}: {
	status: ContractStatus;
	isWaiting?: boolean;
}) {
	const waits = status === 'PROCESS' && isWaiting;
	return (
		<span class={`status status-${waits ? 'created' : status.toLowerCase()}`}>
			<svg class="status-shape" viewBox="0 0 10 10" aria-hidden="true">
				<Shape status={waits ? 'CREATED' : status} />
			</svg>
			{waits ? 'Waiting to try again' : words[status]}
			<span class="status-code">{status}</span>
		</span>
	);
}

function Shape({ status }: { status: ContractStatus }) {
	if (status === 'SUCCESS') return <path d="M1.5 5.2 4 7.8 8.6 2.2" />;
	if (status === 'ERROR') return <path d="M2 2l6 6M8 2l-6 6" />;
	if (status === 'PROCESS') return <path class="turning" d="M5 1.2a3.8 3.8 0 1 1-3.8 3.8" />;
	return <circle cx="5" cy="5" r="3.4" />;
}
