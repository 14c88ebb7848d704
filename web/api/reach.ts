/** Which of the two ways to the server are cut, as far as the page has tried them. */
const lost = { http: false, socket: false };

export const reachChanges = new EventTarget();

export function isLost(): boolean {
	return lost.http || lost.socket;
}

export function noteReach(way: keyof typeof lost, isReached: boolean): void {
	const before = isLost();
	lost[way] = !isReached;
	if (isLost() !== before) reachChanges.dispatchEvent(new Event('change'));
}
