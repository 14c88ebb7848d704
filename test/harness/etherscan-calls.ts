import { expect } from 'vitest';
import type { ServerProcess } from './system.ts';

export interface Envelope {
	status: string;
	message: string;
	result: unknown;
}

export const busy = {
	status: '0',
	message: 'NOTOK',
	result: expect.stringMatching(/^Max rate limit reached, please try again/),
};
export const unverified = 'Contract source code not verified';

export function urlOf(action: string, address: string, more: Record<string, string> = {}): string {
	return `/v2/api?${new URLSearchParams({ chainid: '1', module: 'contract', action, address, ...more })}`;
}

export async function read(
	server: ServerProcess,
	path: string,
	init: RequestInit = {},
): Promise<Envelope> {
	const response = await fetch(server.url + path, init);
	expect(response.status).toBe(200);
	expect(response.headers.get('access-control-allow-origin')).toBe('*');
	return (await response.json()) as Envelope;
}
