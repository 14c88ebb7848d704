/** Lies in wait on the connections of a proxy for one step of what goes over them. */
export interface Trap {
	/** Whether these bytes of the near side are the step, and this time it springs. */
	sees(sent: Buffer): boolean;
	/** Before they are carried on, or before the answer to them is. */
	when: 'sent' | 'answered';
	/** What is carried on in their place. */
	instead?(sent: Buffer): Buffer;
	spring(): Sprung;
}

/** The connection is reset, and what was to be carried on is lost; or that comes late. */
export type Sprung = { kind: 'cut' } | { kind: 'late'; ms: number };

/** What is carried on of some bytes, and how much later; null: nothing, the connection is cut. */
export type Carried = { bytes: Buffer; lateMs: number } | null;

/** One connection, looked at byte for byte. */
export interface TrappedConnection {
	sent(bytes: Buffer): Carried;
	answered(bytes: Buffer): Carried;
}

export function createTrapped(trapOf: () => Trap | null): TrappedConnection {
	let awaited: Trap | null = null;

	function sprung(trap: Trap, bytes: Buffer): Carried {
		const sprung = trap.spring();
		return sprung.kind === 'cut' ? null : { bytes, lateMs: sprung.ms };
	}

	return {
		sent(bytes) {
			const trap = trapOf();
			if (!trap?.sees(bytes)) return { bytes, lateMs: 0 };
			if (trap.when === 'sent') return sprung(trap, bytes);
			awaited = trap;
			return { bytes: trap.instead?.(bytes) ?? bytes, lateMs: 0 };
		},
		answered(bytes) {
			const trap = awaited;
			awaited = null;
			return trap ? sprung(trap, bytes) : { bytes, lateMs: 0 };
		},
	};
}
