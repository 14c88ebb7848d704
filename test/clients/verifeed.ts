import { createVerifeed } from '../../client/index.ts';
import type { FollowContract } from './follow.ts';

export const followByVerifeed: FollowContract = async (url, address, seen) => {
	const verifeed = createVerifeed({ url });
	for await (const { version } of verifeed.follow(address, { afterVersion: 0 })) seen(version);
	verifeed.close();
};
