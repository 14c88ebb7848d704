// What a program does with the package as it is published: `node packed.mjs URL GOOD BAD` prints what it saw.
import { createVerifeed, VerifeedError } from 'verifeed-client';

const [url, good, bad] = process.argv.slice(2);
const verifeed = createVerifeed({ url });
const submissions = await verifeed.submitMany([good, bad]);
const statuses = [];
for await (const { status } of verifeed.follow(good, { afterVersion: 0 })) statuses.push(status);
const contract = await verifeed.get(good);
const cached = await verifeed.get(good, { cached: true });
const many = await verifeed.getMany([good, `0x${'1'.repeat(40)}`, good]);
const refusal = await verifeed.submit(bad).catch((error) => error);

const onwards = [];
const controller = new AbortController();
const options = { afterVersion: contract.version, onwards: true, signal: controller.signal };
await verifeed.submit(good, { refresh: true });
let rounds = 0;
for await (const { version, status } of verifeed.follow(good, options)) {
	onwards.push(`${version} ${status}`);
	if (status !== 'SUCCESS') continue;
	rounds += 1;
	if (rounds === 2) controller.abort();
	else await verifeed.submit(good, { refresh: true });
}
verifeed.close();
console.log(
	JSON.stringify({
		submissions,
		statuses,
		contract,
		isSame: cached.version === contract.version,
		many: many.map((each) => each?.status ?? null),
		refusal: { isOurs: refusal instanceof VerifeedError, code: refusal.code },
		onwards,
	}),
);
