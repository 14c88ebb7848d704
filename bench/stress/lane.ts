import { connect, type Socket } from 'node:net';

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

/** HTTP by hand: Node's own client would take more of the machine than the server that is measured. */
export function openLane(url: string, connections: number): Lane {
	const { hostname, port, host } = new URL(url);
	const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
	const idle: Connection[] = [];
	const all: Connection[] = [];
	let waiting: Waiting[] = [];
	// Taking from the front of a long array would move all of it.
	let front = 0;

	function advance(): void {
		while (front < waiting.length) {
			const connection = takeIdle() ?? (all.length < connections ? create() : undefined);
			const next = connection && waiting[front];
			if (!next) break;
			front += 1;
			connection.send(next);
		}
		if (front < 1_000 && front < waiting.length) return;
		waiting = waiting.slice(front);
		front = 0;
	}

	/** The server closes one that was idle for 5 seconds, maybe at the moment in which it is used. */
	function takeIdle(): Connection | undefined {
		for (let one = idle.shift(); one; one = idle.shift()) {
			if (performance.now() - one.idleSince < mostIdleMs) return one;
			remove(all, one);
			one.socket.destroy();
		}
		return undefined;
	}

	function create(): Connection {
		const connection = openConnection(connect(Number(port), hostname), head, (isOpen) => {
			// In turn, so that none is idle for so long that the server closes it.
			connection.idleSince = performance.now();
			if (isOpen) idle.push(connection);
			else for (const list of [all, idle]) remove(list, connection);
			advance();
		});
		all.push(connection);
		return connection;
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
		close() {
			for (const { socket } of all) socket.destroy();
		},
	};
}

function remove<T>(list: T[], one: T): void {
	const at = list.indexOf(one);
	if (at >= 0) list.splice(at, 1);
}

const mostIdleMs = 4_000;

interface Connection {
	socket: Socket;
	idleSince: number;
	send(one: Waiting): void;
}

/** One request at a time. `free`: it may take the next one, or is gone. */
function openConnection(socket: Socket, head: string, free: (isOpen: boolean) => void): Connection {
	let current: Waiting | null = null;
	let text = '';
	socket.setNoDelay(true).setEncoding('utf8');
	socket.on('data', (chunk) => {
		text += chunk;
		const reply = readReply(text);
		if (!reply) return;
		text = '';
		const answered = current;
		current = null;
		answered?.resolve(reply);
		free(true);
	});
	socket.on('error', (error) => socket.destroy(error));
	socket.on('close', () => {
		current?.reject(new Error('the connection was closed before the answer'));
		free(false);
	});
	return {
		socket,
		idleSince: performance.now(),
		send(one) {
			current = one;
			socket.write(`${head}content-length: ${Buffer.byteLength(one.body)}\r\n\r\n${one.body}`);
		},
	};
}

/** Null until all of it is there. Every answer of the server says its length. */
function readReply(text: string): Reply | null {
	const end = text.indexOf('\r\n\r\n');
	if (end < 0) return null;
	const [, length] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end)) ?? [];
	if (length === undefined) throw new Error(`an answer without a length: ${text.slice(0, end)}`);
	const body = text.slice(end + 4);
	const missing = Number(length) - Buffer.byteLength(body);
	return missing > 0 ? null : { status: Number(text.slice(9, 12)), body };
}
