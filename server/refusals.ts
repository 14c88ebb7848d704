/** Why a request or an upgrade is not looked at. */
export interface Refusal {
	status: number;
	code: string;
	sentence: string;
}

export const tooManyRequests: Refusal = {
	status: 429,
	code: 'TOO_MANY_REQUESTS',
	sentence: 'Too many requests from this address; try again in a second.',
};

export const tooManyConnections: Refusal = {
	status: 429,
	code: 'TOO_MANY_CONNECTIONS',
	sentence: 'Too many connections from this address; close some before you open others.',
};

export const full: Refusal = {
	status: 503,
	code: 'SERVICE_UNAVAILABLE',
	sentence: 'This server takes no more WebSockets now; try again in a moment.',
};

export const notHere: Refusal = {
	status: 404,
	code: 'NOT_FOUND',
	sentence: 'There is nothing here. GraphQL and GraphiQL are at /graphql.',
};
