import { useNow } from './now.ts';
import { ago, clockTime, wholeTime } from './times.ts';

export function Ago({ at }: { at: string }) {
	const now = useNow(10_000);
	return (
		<time dateTime={at} title={wholeTime(at)}>
			{ago(at, now)}
		</time>
	);
}

export function Clock({ at }: { at: string }) {
	return (
		<time dateTime={at} title={wholeTime(at)}>
			{clockTime(at, Date.now())}
		</time>
	);
}
