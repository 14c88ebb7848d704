import { type ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { heavyBytes } from './turns.ts';

/**
 * Refuses an answer that would be longer than so many bytes, before it is written, and has a long one wait for its turn: selected
 * again and again under other names, a few kilobytes of source make megabytes of text. A promise for long ones alone.
 */
export type BoundAnswer = (
	result: ExecutionResult,
	takeTurn: () => Promise<void>,
) => ExecutionResult | Promise<ExecutionResult>;

export function createAnswerBound(mostBytes: number): BoundAnswer {
	const sentence = `The answer would be longer than ${mostBytes} bytes; ask for less at once, or take the downloads at zipUrl.`;
	const refused = (error: GraphQLError) => ({ errors: [error], data: null });
	return (result, takeTurn) => {
		const bytes = bytesOf(result.data, mostBytes);
		if (bytes > mostBytes) {
			return refused(new GraphQLError(sentence, { extensions: { code: 'BAD_USER_INPUT' } }));
		}
		if (bytes <= heavyBytes) return result;
		return takeTurn().then(
			() => result,
			(error: Error) => refused(new GraphQLError(error.message, { originalError: error })),
		);
	};
}

/** What the context of an operation has for it. */
export interface AnswerTurns {
	/** One for all that an operation reads and answers, until its client has the answer. */
	takeTurn(): Promise<void>;
	/** For one event of a stream, until `taken` resolves. */
	takeEventTurn(taken: Promise<void>): Promise<void>;
}

/** Holds every operation to it that Yoga or a WebSocket executes, and each event of a stream. */
export function answerBoundPlugin(bound: BoundAnswer): Plugin<AnswerTurns> {
	return {
		onExecute: ({ args: { contextValue } }) => ({
			onExecuteDone({ result, setResult }) {
				if (isAsyncIterable(result)) return;
				return whenBound(
					bound(result, () => contextValue.takeTurn()),
					setResult,
				);
			},
		}),
		onSubscribe: ({ args: { contextValue } }) => ({
			onSubscribeResult() {
				/** The next event is asked for when the client has the one before. */
				let taken: PromiseWithResolvers<void> | null = null;
				const takeTurn = () => {
					taken = Promise.withResolvers();
					return contextValue.takeEventTurn(taken.promise);
				};
				return {
					onNext({ result, setResult }) {
						taken?.resolve();
						if (isAsyncIterable(result)) return;
						return whenBound(bound(result, takeTurn), setResult);
					},
					onEnd: () => taken?.resolve(),
				};
			},
		}),
	};
}

function whenBound(
	bound: ExecutionResult | Promise<ExecutionResult>,
	setResult: (result: ExecutionResult) => void,
): void | Promise<void> {
	if (bound instanceof Promise) return bound.then(setResult);
	setResult(bound);
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
