import { ThresholdsConfigBuilder, ThresholdsMode } from '@grafana/grafana-foundation-sdk/dashboard';
import { colours } from './colours.ts';

/** From `watch` on it is worth a look, from `act` on a person must do something. */
export interface Limits {
	watch?: number;
	act?: number;
	/** For values of which less is worse. */
	lowIsBad?: boolean;
}

export function thresholds(limits: Limits | undefined): ThresholdsConfigBuilder {
	return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(limits));
}

function steps(limits: Limits | undefined) {
	if (limits === undefined) return [{ value: null, color: colours.neutral }];
	const { watch, act, lowIsBad = false } = limits;
	const marks = [
		...(watch === undefined ? [] : [{ at: watch, color: colours.watch }]),
		...(act === undefined ? [] : [{ at: act, color: colours.act }]),
	];
	if (!lowIsBad) {
		const above = marks.map(({ at, color }) => ({ value: at, color }));
		return [{ value: null, color: colours.good }, ...above];
	}
	// A step holds from its value upwards: each colour ends where the next better one begins.
	const upwards = marks.toReversed();
	const better = [...upwards.slice(1).map(({ color }) => color), colours.good];
	const from = upwards.map(({ at }, index) => ({
		value: at,
		color: better[index] ?? colours.good,
	}));
	return [{ value: null, color: upwards[0]?.color ?? colours.good }, ...from];
}
