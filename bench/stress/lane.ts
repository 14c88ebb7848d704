import { Agent, request } from 'node:http';

export interface Reply {
	status: number;
	body: string;
}

/** Sends GraphQL requests over its own few connections that stay open; what finds none free waits here in line. */
export interface Lane {
	post(body: string): Promise<Reply>;
	/** Opens all of them: a busy server of Node.js accepts one a turn, so that those who come later wait for long. */
	open(): Promise<void>;
	close(): void;
}

interface Waiting {
	body: string;
	resolve(reply: Reply): void;
	reject(error: Error): void;
}

export function openLane(url: string, connections: number): Lane {
	// In turn, so that none is idle for so long that the server closes it.
	const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
	const { hostname, port } = new URL(url);
	const to = { agent, hostname, port, path: '/graphql', method: 'POST' };
	let busy = 0;
	let waiting: Waiting[] = [];
	// Taking from the front of a long array would move all of it.
	let front = 0;

	function advance(): void {
		while (busy < connections && front < waiting.length) {
			const next = waiting[front];
			front += 1;
			if (next) send(next);
		}
		if (front < 1_000 && front < waiting.length) return;
		waiting = waiting.slice(front);
		front = 0;
	}

	function send({ body, resolve, reject }: Waiting): void {
		busy += 1;
		let isOver = false;
		const over = (settle: () => void) => {
			if (isOver) return;
			isOver = true;
			busy -= 1;
			settle();
			advance();
		};
		const fail = (error: Error) => over(() => reject(error));
		const headers = {
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(body),
		};
		const sent = request({ ...to, headers }, (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (chunk: string) => {
				text += chunk;
			});
			const reply = () => ({ status: response.statusCode ?? 0, body: text });
			response.on('end', () => over(() => resolve(reply())));
			response.on('error', fail);
		});
		sent.on('error', fail);
		sent.end(body);
	}

	const post = (body: string) =>
		new Promise<Reply>((resolve, reject) => {
			waiting.push({ body, resolve, reject });
			advance();
		});

	return {
		post,
		async open() {
			const asked = Array.from({ length: connections }, () => post('{"query":"{ __typename }"}'));
			await Promise.all(asked);
		},
		close: () => agent.destroy(),
	};
}
