import type { Metrics } from './registry.ts';
import { exportNumber } from './series.ts';

/** Redis channels that this process follows, and how many wait for what is told there. */
export function exportFeed(registry: Metrics, feed: FeedSize): void {
	exportNumber(registry, {
		name: 'feed_channels',
		help: 'Redis channels that are followed',
		read: feed.channels,
	});
	exportNumber(registry, {
		name: 'feed_listeners',
		help: 'Streams that listen to them',
		read: feed.listeners,
	});
}

export interface FeedSize {
	channels(): number;
	listeners(): number;
}
