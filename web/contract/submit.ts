import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, Refused } from '../api/ask.ts';
import { SubmitDocument } from '../api/documents.ts';
import { retrying } from '../api/retrying.ts';
import type { Key } from './follow.ts';

export interface Submission {
	isUnderWay: boolean;
	/** Why it was not accepted. */
	refusal: Refused | null;
	/** Sends it again and again until there is an answer: twice does no harm. */
	submit(refresh: boolean): void;
}

export function useSubmission(key: Key): Submission {
	const [state, setState] = useState<Pick<Submission, 'isUnderWay' | 'refusal'>>(idle);
	const end = useRef<AbortController>(new AbortController());
	const { chainId, address } = key;
	// biome-ignore lint/correctness/useExhaustiveDependencies: of another contract nothing has been asked yet.
	useEffect(() => {
		end.current = new AbortController();
		setState(idle);
		return () => end.current.abort();
	}, [chainId, address]);
	const submit = useCallback(
		(refresh: boolean) => {
			const { signal } = end.current;
			setState({ isUnderWay: true, refusal: null });
			const work = () => ask(SubmitDocument, { chainId, address, refresh }, signal);
			retrying(work, signal).then(
				() => setState(idle),
				(error) => {
					if (signal.aborted) return;
					if (!(error instanceof Refused)) throw error;
					setState({ isUnderWay: false, refusal: error });
				},
			);
		},
		[chainId, address],
	);
	return { ...state, submit };
}

const idle = { isUnderWay: false, refusal: null };
