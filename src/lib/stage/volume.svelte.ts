const memory = 'stage-volume';

/** How loud a reader hears the stage, and whether at all; remembered on this device. */
export class Volume {
	/** 0 to 1. */
	level = $state(1);
	isMuted = $state(false);
	/** What every sound is multiplied by. */
	readonly factor = $derived(this.isMuted ? 0 : this.level);

	/** Takes up the volume of last time; in the browser. Nobody is muted by what they did on another day. */
	recall(): void {
		try {
			const kept = Number(localStorage.getItem(memory) ?? 1);
			if (kept > 0 && kept <= 1) this.level = kept;
		} catch {
			// Without storage it begins at full volume.
		}
	}

	/** Sets the volume, 0 to 1; none mutes, and anything else unmutes. */
	set(level: number): void {
		this.isMuted = level <= 0;
		if (level <= 0) return;
		this.level = Math.min(1, level);
		try {
			localStorage.setItem(memory, String(this.level));
		} catch {
			// Without storage it holds for this visit.
		}
	}
}
