/** The one line by which a peer says that it takes requests. */
export function ready(port) {
	console.log(JSON.stringify({ message: 'ready', port }));
}
