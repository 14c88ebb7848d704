import { startProxy, type TcpProxy } from './proxy.ts';
import type { LinkState } from './relay.ts';

export const processNames = ['server-1', 'server-2', 'worker-1', 'worker-2'] as const;
export type ProcessName = (typeof processNames)[number];
export const serviceNames = ['mysql', 'rabbitmq', 'redis', 'upstream'] as const;
export type ServiceName = (typeof serviceNames)[number];
export type ServerName = Extract<ProcessName, `server-${string}`>;
export const serverNames = ['server-1', 'server-2'] as const satisfies readonly ServerName[];

/** The connection between two parts of the system: any process and any service, or clients and a server. */
export interface Link {
	/** Such as `worker-1 - mysql`. */
	name: string;
	/** The process or, for a link of the clients, `clients`. */
	from: ProcessName | 'clients';
	to: ServiceName | ServerName;
	proxy: TcpProxy;
}

export interface Links {
	all: readonly Link[];
	port(from: Link['from'], to: Link['to']): number;
	/** Breaks or repairs some links at once. */
	set(links: readonly Link[], state: LinkState): Promise<void>;
	close(): Promise<void>;
}

/** One proxy for each pair, so that the network can be cut between any two and nowhere else. */
export async function openLinks(portOf: (to: Link['to']) => number): Promise<Links> {
	const pairs = [
		...processNames.flatMap((from) => serviceNames.map((to) => ({ from, to }))),
		...serverNames.map((to) => ({ from: 'clients' as const, to })),
	].filter(({ from, to }) => to !== 'upstream' || from.startsWith('worker'));
	const all: Link[] = [];
	for (const { from, to } of pairs) {
		all.push({ name: `${from} - ${to}`, from, to, proxy: await startProxy(() => portOf(to)) });
	}
	return {
		all,
		port(from, to) {
			const link = all.find((one) => one.from === from && one.to === to);
			if (!link) throw new Error(`there is no link from ${from} to ${to}`);
			return link.proxy.port;
		},
		async set(links, state) {
			await Promise.all(links.map(({ proxy }) => proxy.set(state)));
		},
		async close() {
			await Promise.all(all.map(({ proxy }) => proxy.close()));
		},
	};
}
