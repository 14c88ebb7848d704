/** The URL of an upstream from the settings. Throws without repeating it, as it may hold a password. */
export function endpointOf(text: string, upstream: string): URL {
	const url = URL.parse(text.trim());
	if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
		throw new Error(
			`the URL of ${upstream} has to be a URL with http(s) and without a user or password`,
		);
	}
	url.hash = '';
	return url;
}
