import { problemOf, rememberDevices, type DeviceChoice, type DeviceProblem } from './devices.ts';

/** A look into one's own camera and microphone; nothing leaves the device. */
export class DeviceCheck {
	choice = $state<DeviceChoice>({ cameraId: null, microphoneId: null, camera: true, microphone: true });
	isOn = $state(false);
	picture = $state.raw<MediaStream | null>(null);
	/** 0 to 1. */
	level = $state(0);
	cameras = $state.raw<MediaDeviceInfo[]>([]);
	microphones = $state.raw<MediaDeviceInfo[]>([]);
	problem = $state<{ of: 'camera' | 'microphone'; why: DeviceProblem } | null>(null);
	#sound: MediaStream | null = null;
	#context: AudioContext | null = null;
	#frame = 0;
	// Counts looks: a device that opens after a newer one is closed again.
	#turn = 0;

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
		if (sound) this.#listen(sound);
		await this.#list();
	}

	/** Chooses other devices, or switches one off; it is remembered. */
	async choose(change: Partial<DeviceChoice>): Promise<void> {
		const choice = { ...this.choice, ...change };
		rememberDevices(choice);
		if (this.isOn) await this.start(choice);
		else this.choice = choice;
	}

	/** Lets go of every device. */
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

	#listen(sound: MediaStream) {
		const context = new AudioContext();
		const analyser = context.createAnalyser();
		analyser.fftSize = 512;
		context.createMediaStreamSource(sound).connect(analyser);
		const samples = new Float32Array(analyser.fftSize);
		const measure = () => {
			analyser.getFloatTimeDomainData(samples);
			const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
			// Speech lies some 40 dB under full scale; the bar covers that range.
			this.level = Math.min(1, Math.max(0, (20 * Math.log10(Math.sqrt(power) + 1e-6) + 60) / 60));
			this.#frame = requestAnimationFrame(measure);
		};
		this.#context = context;
		measure();
	}

	#release() {
		cancelAnimationFrame(this.#frame);
		void this.#context?.close();
		this.#context = null;
		stop(this.#sound);
		stop(this.picture);
		this.#sound = null;
		this.picture = null;
		this.level = 0;
	}
}

function stop(stream: MediaStream | null): void {
	for (const track of stream?.getTracks() ?? []) track.stop();
}
