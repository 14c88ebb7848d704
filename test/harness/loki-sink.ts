import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';

/** What a Loki can do to those who push to it; `slow` answers after 50 ms, `hang` never. */
export type LokiFault = 'none' | 'refuse' | 'hang' | 'slow' | 400 | 429 | 500;

export interface LokiLine {
	labels: Record<string, string>;
	at: Date;
	line: string;
	metadata: Record<string, string>;
}

export interface LokiSink extends AsyncDisposable {
	/** For LOKI_URL; stays the same whatever fails. */
	url: string;
	/** Everything that was taken, in the order of arrival. */
	lines(): readonly LokiLine[];
	/** The first line, past or to come, that fits. */
	line(fits: (line: LokiLine) => boolean): Promise<LokiLine>;
	/** Forgets what was taken so far. */
	forget(): void;
	/** Requests that came in, answered or not. */
	requests(): number;
	/** Resolves with the next request, before it is answered. */
	request(): Promise<void>;
	/** From now on; what hangs at that moment is cut off. */
	fail(fault: LokiFault): Promise<void>;
	close(): Promise<void>;
}

interface Push {
	streams: {
		stream: Record<string, string>;
		values: [string, string, Record<string, string>?][];
	}[];
}

/** Takes what is pushed to /loki/api/v1/push as JSON, as Loki does, and fails as the test asks. */
export async function startLokiSink(): Promise<LokiSink> {
	const lines: LokiLine[] = [];
	const lookers = new Set<(line: LokiLine) => void>();
	const hanging = new Set<ServerResponse>();
	let requests = 0;
	let requested = Promise.withResolvers<void>();
	let fault: LokiFault = 'none';

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		requests += 1;
		requested.resolve();
		requested = Promise.withResolvers();
		const failing = fault;
		const zipped = request.headers['content-encoding'] === 'gzip';
		// What comes is not the sink's to judge: a test does.
		const push = (await json(zipped ? request.pipe(createGunzip()) : request)) as Push;
		if (failing === 'hang') return void hanging.add(response);
		if (typeof failing === 'number')
			return void response.writeHead(failing).end('as the test asks');
		if (request.method !== 'POST' || request.url !== '/loki/api/v1/push') {
			return void response.writeHead(404).end();
		}
		if (failing === 'slow') await sleep(50);
		for (const line of push.streams.flatMap(linesOf)) {
			lines.push(line);
			for (const look of lookers) look(line);
		}
		response.writeHead(204).end();
	}

	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;

	async function shut(): Promise<void> {
		if (!server.listening) return;
		const closed = once(server, 'close');
		server.close();
		server.closeAllConnections();
		await closed;
	}

	return {
		url: `http://127.0.0.1:${port}`,
		lines: () => lines,
		forget() {
			lines.length = 0;
		},
		requests: () => requests,
		request: () => requested.promise,
		async line(fits) {
			const past = lines.find(fits);
			if (past) return past;
			const { promise, resolve } = Promise.withResolvers<LokiLine>();
			const look = (line: LokiLine) => {
				if (fits(line)) resolve(line);
			};
			lookers.add(look);
			try {
				return await promise;
			} finally {
				lookers.delete(look);
			}
		},
		async fail(next) {
			fault = next;
			for (const response of hanging) response.destroy();
			hanging.clear();
			if (next === 'refuse') await shut();
			else if (!server.listening) {
				server.listen(port, '127.0.0.1');
				await once(server, 'listening');
			}
		},
		close: shut,
		[Symbol.asyncDispose]: shut,
	};
}

function linesOf({ stream, values }: Push['streams'][number]): LokiLine[] {
	return values.map(([nanoseconds, line, metadata = {}]) => ({
		labels: stream,
		at: new Date(Number(nanoseconds.slice(0, -6))),
		line,
		metadata,
	}));
}
