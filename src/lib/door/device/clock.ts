/* The time by a device's clock that may be wrong, and may be set by an unknown amount. */

/** How far a clock may be off before a warning, in milliseconds. */
const tolerance = 120_000;

// The wall clock and the monotonic clock advance together, within this tolerance.
const maxDriftMs = 5_000;

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

	/** False when the clock may have been set, or the page opened again, since its offset was last measured. */
	get sure(): boolean {
		this.#look();
		return this.#sure;
	}

	/** The corrected time. */
	now(): number {
		return this.offset + this.#wall;
	}

	/** Sets the measured offset. Returns what was recorded while the clock was uncertain. */
	setOffset(offset: number): string[] {
		this.#look();
		const made = [...this.#made];
		this.#made.clear();
		[this.#offset, this.#sure] = [offset, true];
		return made;
	}

	/** Something was recorded at this time: if the correction turns out wrong, this time is corrected too. */
	note(id: string): void {
		if (!this.sure) this.#made.add(id);
	}

	/**
	 * A page opens and restores the stored offset. `latest`: a corrected time in the past. A clock that shows less was set back since: right,
	 * if that is possible at all. One that was set forward cannot be distinguished from one that went on.
	 */
	resume(offset: number, latest: number): void {
		this.#look();
		this.#offset = offset;
		if (this.#wall + offset >= latest - maxDriftMs) return;
		this.#offset = this.#wall >= latest - tolerance ? 0 : latest - this.#wall;
	}

	/** A person confirmed it: the clock is right as it is. */
	trust(): void {
		this.#look();
		this.#offset = 0;
	}

	#look() {
		const [wall, steady] = [Date.now(), performance.now()];
		const jump = wall - this.#wall - (steady - this.#steady);
		[this.#wall, this.#steady] = [wall, steady];
		if (Math.abs(jump) < maxDriftMs) return;
		this.#sure = false;
		this.#made.clear();
		// Only a person sets a clock back. The clock of a device that slept also jumps forward, and the monotonic clock may stop meanwhile: it
		// was set when that makes right what was wrong.
		const rest = Math.round(this.#offset - jump);
		if (jump < 0 || (Math.abs(this.#offset) > tolerance && Math.abs(rest) <= tolerance)) this.#offset = rest;
	}
}
