import { useEffect, useState } from 'preact/hooks';
import { type Followed, follow } from './follow.ts';

const loading: Followed = { state: 'loading', isFailing: false };

/** Follows a contract for as long as it is shown. */
export function useContract(chainId: number, address: string): Followed {
	const key = `${chainId}:${address}`;
	const [known, setKnown] = useState<{ key: string; followed: Followed }>();
	useEffect(() => {
		const end = new AbortController();
		void follow({ chainId, address }, (followed) => setKnown({ key, followed }), end.signal);
		return () => end.abort();
	}, [key, chainId, address]);
	return known?.key === key ? known.followed : loading;
}
