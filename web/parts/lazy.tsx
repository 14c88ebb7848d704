import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

interface Props<M, P extends object> {
	load(): Promise<M>;
	pick(module: M): ComponentType<P>;
	props: P;
}

/** A view whose code is loaded when it is first shown. */
export function Lazy<M, P extends object>({ load, pick, props }: Props<M, P>) {
	const [View, setView] = useState<ComponentType<P> | null>(null);
	const [isFailed, setFailed] = useState(false);
	// biome-ignore lint/correctness/useExhaustiveDependencies: the same place always loads the same view.
	useEffect(() => {
		load().then(
			(module) => setView(() => pick(module)),
			() => setFailed(true),
		);
	}, []);
	if (View) return <View {...props} />;
	if (!isFailed) return <Loading />;
	return (
		<p class="panel">
			This part of the page could not be loaded: it may be of an earlier release.{' '}
			<button type="button" class="button" onClick={() => location.reload()}>
				Load the page again
			</button>
		</p>
	);
}

export function Loading() {
	return (
		<div class="loading" role="status">
			<span class="unshown">Loading</span>
		</div>
	);
}
