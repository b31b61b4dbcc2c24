/* Which time it is, by a device's clock that may be wrong, and may be set while nobody can tell by how much. */

/** How far a clock may be off before it is worth a word, in milliseconds. */
export const tolerance = 120_000;

// The clock on the wall and the steady one that nobody sets go on together, but for this.
const jolt = 5_000;

/** A device's clock, corrected. */
export class DoorClock {
	#offset = 0;
	#sure = false;
	#made = new Set<string>();
	#wall = Date.now();
	#steady = performance.now();

	/** How far the device's clock is off, in milliseconds: what is added to it. */
	get offset(): number {
		this.#look();
		return this.#offset;
	}

	/** False when the clock may have been set, or the page opened anew, since it was heard how far it is off. */
	get sure(): boolean {
		this.#look();
		return this.#sure;
	}

	/** The moment, corrected. */
	now(): number {
		return this.offset + this.#wall;
	}

	/** It was heard how far the clock is off. Answers what was noted while nobody was sure. */
	hear(offset: number): string[] {
		this.#look();
		const made = [...this.#made];
		this.#made.clear();
		[this.#offset, this.#sure] = [offset, true];
		return made;
	}

	/** Something was made at this moment: should the correction turn out wrong, this one's is too. */
	note(id: string): void {
		if (!this.sure) this.#made.add(id);
	}

	/**
	 * A page opens and takes up what was known. `latest`: a moment, corrected, that is over. A clock that says less was set back since: right,
	 * if that is at all possible. One that was set forward says nothing by which it could be told from one that went on.
	 */
	resume(offset: number, latest: number): void {
		this.#look();
		this.#offset = offset;
		if (this.#wall + offset >= latest - jolt) return;
		this.#offset = this.#wall >= latest - tolerance ? 0 : latest - this.#wall;
	}

	/** Somebody looked: the clock is right as it is. */
	trust(): void {
		this.#look();
		this.#offset = 0;
	}

	#look() {
		const [wall, steady] = [Date.now(), performance.now()];
		const jump = wall - this.#wall - (steady - this.#steady);
		[this.#wall, this.#steady] = [wall, steady];
		if (Math.abs(jump) < jolt) return;
		this.#sure = false;
		this.#made.clear();
		// Nothing but a hand goes back. Forward goes the clock of a device that slept, too, and the steady one may stand still meanwhile: it was
		// set when that makes right what was wrong.
		const rest = Math.round(this.#offset - jump);
		if (jump < 0 || (Math.abs(this.#offset) > tolerance && Math.abs(rest) <= tolerance)) this.#offset = rest;
	}
}
