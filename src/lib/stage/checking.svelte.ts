import { problemOf, rememberDevices, type DeviceChoice, type DeviceProblem } from './devices.ts';
import { Loudness } from './loudness.svelte.ts';

/** A preview of the person's camera and microphone; nothing leaves the device. */
export class DeviceCheck {
	choice = $state<DeviceChoice>({ cameraId: null, microphoneId: null, camera: true, microphone: true });
	isOn = $state(false);
	picture = $state.raw<MediaStream | null>(null);
	cameras = $state.raw<MediaDeviceInfo[]>([]);
	microphones = $state.raw<MediaDeviceInfo[]>([]);
	problem = $state<{ of: 'camera' | 'microphone'; why: DeviceProblem } | null>(null);
	#sound: MediaStream | null = null;
	readonly #loudness = new Loudness();
	// Counts openings: a device that opens after a newer one is closed again.
	#turn = 0;

	/** Of the microphone, 0 to 1. */
	get level(): number {
		return this.#loudness.level;
	}

	/** Opens the chosen devices and shows them. */
	async start(choice: DeviceChoice): Promise<void> {
		const turn = ++this.#turn;
		this.#release();
		this.choice = choice;
		this.isOn = true;
		this.problem = null;
		const sound = choice.microphone ? await this.#open('microphone', choice.microphoneId) : null;
		const picture = choice.camera ? await this.#open('camera', choice.cameraId) : null;
		if (turn !== this.#turn) {
			for (const stream of [sound, picture]) stop(stream);
			return;
		}
		this.#sound = sound;
		this.picture = picture;
		if (sound) this.#loudness.listen(sound);
		await this.#list();
	}

	/** Chooses other devices, or switches one off, and stores the choice. */
	async choose(change: Partial<DeviceChoice>): Promise<void> {
		const choice = { ...this.choice, ...change };
		rememberDevices(choice);
		if (this.isOn) await this.start(choice);
		else this.choice = choice;
	}

	/** Closes every device. */
	stop(): void {
		this.#turn += 1;
		this.#release();
		this.isOn = false;
	}

	async #open(of: 'camera' | 'microphone', id: string | null): Promise<MediaStream | null> {
		const wanted = id ? { deviceId: { ideal: id } } : true;
		try {
			return await navigator.mediaDevices.getUserMedia(of === 'camera' ? { video: wanted } : { audio: wanted });
		} catch (error) {
			this.problem = { of, why: problemOf(error) };
			return null;
		}
	}

	async #list(): Promise<void> {
		const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
		this.cameras = all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '');
		this.microphones = all.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '');
	}

	#release() {
		this.#loudness.stop();
		stop(this.#sound);
		stop(this.picture);
		this.#sound = null;
		this.picture = null;
	}
}

function stop(stream: MediaStream | null): void {
	for (const track of stream?.getTracks() ?? []) track.stop();
}
