import type { Room, Track } from 'livekit-client';
import { problemOf, rememberDevices, rememberedDevices, type DeviceChoice, type DeviceProblem } from './devices.ts';
import type { Engine } from './engine.ts';

// What makes a voice clear at home spoils what a mixer has made.
const plainSound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 };

/** What the person sends: their wishes, as far as the server allows them at the moment. */
export class Publishing {
	/** What the person wants on; it outlives a pause or a broken line. */
	choice = $state<DeviceChoice>({ cameraId: null, microphoneId: null, camera: false, microphone: false });
	/** What the server allows now. */
	allowed = $state.raw<{ camera: boolean; microphone: boolean; screen: boolean }>({
		camera: false,
		microphone: false,
		screen: false
	});
	isSharing = $state(false);
	/** What goes out now: the shared screen or else the camera, and the microphone. */
	picture = $state.raw<MediaStream | null>(null);
	sound = $state.raw<MediaStream | null>(null);
	problem = $state<{ of: 'camera' | 'microphone' | 'screen'; why: DeviceProblem } | null>(null);
	/** A sound desk's: two channels, as they come. */
	isPlain = false;
	#room: Room | undefined;
	#engine: Engine | undefined;
	/** The person wants to be heard and seen here; a viewer never does. */
	isOffering = $state(false);
	#applying: Promise<void> = Promise.resolve();

	/** Follows a room from now on. */
	watch(engine: Engine, room: Room): void {
		this.#room = room;
		this.#engine = engine;
		room.on(engine.RoomEvent.ParticipantPermissionsChanged, (_, participant) => {
			if (participant === room.localParticipant) void this.apply();
		});
		room.on(engine.RoomEvent.LocalTrackUnpublished, () => this.#readSent());
		room.on(engine.RoomEvent.LocalTrackPublished, () => this.#readSent());
	}

	/** From now on the chosen devices are sent whenever the server allows it. */
	async offer(choice: DeviceChoice): Promise<void> {
		this.choice = choice;
		this.isOffering = true;
		await this.apply();
	}

	/** Sends nothing any more, whatever is allowed. */
	async withdraw(): Promise<void> {
		this.isOffering = false;
		await this.apply();
	}

	/** Makes what is sent what is wanted and allowed. */
	apply(): Promise<void> {
		this.#applying = this.#applying.then(() => this.#apply()).catch(() => undefined);
		return this.#applying;
	}

	async #apply(): Promise<void> {
		const [room, engine] = [this.#room, this.#engine];
		if (!room || !engine || room.state !== engine.ConnectionState.Connected) return;
		this.#readAllowed(room, engine);
		await this.#set('microphone', this.isOffering && this.choice.microphone && this.allowed.microphone);
		await this.#set('camera', this.isOffering && this.choice.camera && this.allowed.camera);
		this.#readSent();
	}

	#readAllowed(room: Room, engine: Engine) {
		const permission = room.localParticipant.permissions;
		const may = (source: string) =>
			permission?.canPublish === true &&
			(permission.canPublishSources.length === 0 ||
				permission.canPublishSources.some((one) => engine.Track.sourceFromProto(one) === source));
		const { Source } = engine.Track;
		this.allowed = { camera: may(Source.Camera), microphone: may(Source.Microphone), screen: may(Source.ScreenShare) };
	}

	async #set(what: 'camera' | 'microphone', on: boolean): Promise<void> {
		const local = this.#room?.localParticipant;
		if (!local) return;
		try {
			const { cameraId, microphoneId } = this.choice;
			if (what === 'camera' && local.isCameraEnabled !== on)
				await local.setCameraEnabled(on, cameraId ? { deviceId: cameraId } : undefined);
			if (what === 'microphone' && local.isMicrophoneEnabled !== on)
				await local.setMicrophoneEnabled(
					on,
					{ ...(microphoneId && { deviceId: microphoneId }), ...(this.isPlain && plainSound) },
					this.isPlain ? { dtx: false, forceStereo: true } : undefined
				);
			if (this.problem?.of === what) this.problem = null;
		} catch (error) {
			// The right may have gone while the device was being opened; that is no fault of the device.
			if (this.allowed[what]) this.problem = { of: what, why: problemOf(error) };
		}
	}

	/** Switches one's own camera or microphone. */
	async toggle(what: 'camera' | 'microphone'): Promise<void> {
		this.choice = { ...this.choice, [what]: !this.choice[what] };
		rememberDevices(this.choice);
		await this.apply();
	}

	/** Starts or ends sharing the screen. */
	async share(): Promise<void> {
		const local = this.#room?.localParticipant;
		if (!local) return;
		try {
			await local.setScreenShareEnabled(!local.isScreenShareEnabled, { audio: true });
			this.problem = null;
		} catch (error) {
			// Whoever closes the browser's own question has decided; there is nothing to explain.
			const why = problemOf(error);
			if (why !== 'refused') this.problem = { of: 'screen', why };
		}
		this.#readSent();
	}

	#readSent() {
		const [local, source] = [this.#room?.localParticipant, this.#engine?.Track.Source];
		this.isSharing = local?.isScreenShareEnabled ?? false;
		const streamOf = (of: Track.Source | undefined, isOn: boolean | undefined) => {
			const track = of && isOn ? local?.getTrackPublication(of)?.track?.mediaStreamTrack : undefined;
			return track ? new MediaStream([track]) : null;
		};
		this.picture = this.isSharing
			? streamOf(source?.ScreenShare, true)
			: streamOf(source?.Camera, local?.isCameraEnabled);
		this.sound = streamOf(source?.Microphone, local?.isMicrophoneEnabled);
	}

	/** Forgets the room; the wishes stay. */
	clear(): void {
		this.#room = undefined;
		this.allowed = { camera: false, microphone: false, screen: false };
		this.isSharing = false;
		this.picture = null;
		this.sound = null;
	}

	/** What was chosen last time on this device. */
	static remembered(camera = true): DeviceChoice {
		return rememberedDevices(camera);
	}
}
