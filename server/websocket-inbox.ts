/** What an inbox needs of its WebSocket. */
export interface Source {
	pause(): void;
	resume(): void;
	/** Its client does not take what it was sent. */
	readonly isFull: boolean;
	/** Of an operation: until it is over, or its stream is open. */
	look(text: string): Promise<void> | null;
}

/**
 * The messages of one WebSocket, looked at in their order. While so many operations are under way, or their client takes
 * no answers, nothing more is read from it. What had been read by then waits here, and is gone with its connection.
 */
export class Inbox {
	readonly #source: Source;
	readonly #mostUnderWay: number;
	#waiting: string[] | null = null;
	#underWay = 0;
	#isPaused = false;
	#isOver = false;

	constructor(source: Source, mostUnderWay: number) {
		this.#source = source;
		this.#mostUnderWay = mostUnderWay;
	}

	take(text: string): void {
		if (this.#isOver) return;
		if (this.#waiting) this.#waiting.push(text);
		else if (this.#isHeld()) this.#waiting = [text];
		else this.#handle(text);
		this.#readOrNot();
	}

	/** Something may have changed. */
	goOn(): void {
		while (this.#waiting && !this.#isHeld()) {
			const text = this.#waiting.shift();
			if (this.#waiting.length === 0) this.#waiting = null;
			if (text !== undefined) this.#handle(text);
		}
		this.#readOrNot();
	}

	/** No message counts any more; all are read, so that the end of the connection is seen. */
	end(): void {
		this.#isOver = true;
		this.#waiting = null;
		this.#readOrNot();
	}

	#isHeld(): boolean {
		return !this.#isOver && (this.#underWay >= this.#mostUnderWay || this.#source.isFull);
	}

	#handle(text: string): void {
		const operation = this.#source.look(text);
		if (!operation) return;
		this.#underWay += 1;
		void operation.then(() => {
			this.#underWay -= 1;
			this.goOn();
		});
	}

	#readOrNot(): void {
		const isHeld = this.#isHeld();
		if (isHeld === this.#isPaused) return;
		this.#isPaused = isHeld;
		if (isHeld) this.#source.pause();
		else this.#source.resume();
	}
}
