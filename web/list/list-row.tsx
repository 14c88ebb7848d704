import { errorWords } from '../contract/error-words.ts';
import { useNow } from '../parts/now.ts';
import { Status } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { counted, until } from '../parts/times.ts';
import { hrefOf } from '../route.ts';
import { Visible } from '../source/visible.tsx';
import type { Row } from './rows.ts';

export function ListRow({ chain, row: { address, contract } }: { chain: string; row: Row }) {
	return (
		<li>
			<a class="row row-list" href={hrefOf({ chain, address })}>
				{contract ? (
					<Status status={contract.status} isWaiting={contract.error !== null} />
				) : (
					<span class="quiet">{contract === null ? 'nobody asked yet' : '…'}</span>
				)}
				<span class="row-name">
					<Visible text={contract?.source?.name ?? ''} />
				</span>
				<span class="row-address">{address}</span>
				<span class="row-note">{contract && <Note contract={contract} />}</span>
				<span class="row-time">{contract && <Ago at={contract.updatedAt} />}</span>
			</a>
		</li>
	);
}

function Note({ contract }: { contract: NonNullable<Row['contract']> }) {
	const now = useNow(1_000);
	const { status, error, source, nextAttemptAt } = contract;
	if (status === 'ERROR') return errorWords[error?.code ?? 'INTERNAL'].headline;
	if (status === 'SUCCESS') {
		return source && `${source.language}, ${counted(source.fileCount, 'file')}`;
	}
	const left = nextAttemptAt ? until(nextAttemptAt, now) : null;
	return left && `${error ? 'tried again' : 'its turn comes'} ${left}`;
}
