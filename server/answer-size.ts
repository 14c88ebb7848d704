import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';

/**
 * Refuses an answer that would be longer than so many bytes, before it is written: selected again and again under other
 * names, a few megabytes of source make hundreds of megabytes of text.
 */
export type BoundAnswer = (result: ExecutionResult) => ExecutionResult;

export function createAnswerBound(mostBytes: number): BoundAnswer {
	const sentence = `The answer would be longer than ${mostBytes} bytes; ask for less at once, or take the downloads at zipUrl.`;
	return (result) => {
		if (bytesOf(result.data, mostBytes) <= mostBytes) return result;
		const error = new GraphQLError(sentence, { extensions: { code: 'BAD_USER_INPUT' } });
		return { errors: [error], data: null };
	};
}

/** Holds every operation to it that Yoga or a WebSocket executes, and each event of a stream. */
export function answerBoundPlugin(bound: BoundAnswer): Plugin {
	return {
		onExecute: () => ({
			onExecuteDone({ result, setResult }) {
				if (!isAsyncIterable(result)) setResult(bound(result));
			},
		}),
		onSubscribe: () => ({
			onSubscribeResult: () => ({
				onNext({ result, setResult }) {
					if (!isAsyncIterable(result)) setResult(bound(result));
				},
			}),
		}),
	};
}

/** What a value takes as JSON, without what escapes add; once it is more than `most`, any number above it. */
export function bytesOf(value: unknown, most: number): number {
	if (typeof value === 'string') return Buffer.byteLength(value) + 2;
	if (typeof value !== 'object' || value === null) return 5;
	let bytes = 2;
	for (const [name, part] of Object.entries(value)) {
		bytes += (Array.isArray(value) ? 1 : name.length + 4) + bytesOf(part, most - bytes);
		if (bytes > most) break;
	}
	return bytes;
}
