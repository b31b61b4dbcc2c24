import type { Participant, RemoteTrackPublication, Room, Track } from 'livekit-client';
import { untrack } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { nextLead, type SentMedia } from './arrangement.ts';
import type { StageEngine } from './engine.ts';
import { Volume } from './volume.svelte.ts';
import {
	defaultReceiveChoice,
	receiveSettings,
	type ReceiveChoice,
	type MediaPublication
} from './receive-settings.ts';

/** What arrives from a LiveKit room: video, audio, who speaks. */
export class Receiving {
	/** What each identity sends. */
	readonly sending = new SvelteMap<string, SentMedia>();
	/** Identities from which nothing arrives though they send: LiveKit has lost their connection. */
	readonly lost = new SvelteSet<string>();
	speaking = $state.raw<string[]>([]);
	/** The present or last speaker. */
	lead = $state<string | null>(null);
	/** The browser plays no audio before the person taps. */
	needsTap = $state(false);
	/** What is received of everything that is sent. */
	choice = $state.raw<ReceiveChoice>(defaultReceiveChoice);
	/** The volume that the reader chose. */
	readonly volume = new Volume();
	/** Increases when tracks come or go, for the components that show them. */
	version = $state(0);
	#room: Room | undefined;
	#engine: StageEngine | undefined;

	/** Changes what is received, at once. It may be called in an effect: it reads no state here. */
	choose(change: Partial<ReceiveChoice>): void {
		untrack(() => {
			this.choice = { ...this.choice, ...change };
			this.refresh();
		});
	}

	/** The volume of a person's audio, 0 to 1. */
	volumeOf(identity: string): number {
		return receiveSettings({ identity, source: 'microphone' }, this.choice).volume * this.volume.factor;
	}

	/** Follows a room from now on. */
	watch(engine: StageEngine, room: Room): void {
		this.#room = room;
		this.#engine = engine;
		const { RoomEvent } = engine;
		const changes = [
			// Participants are known before media flow: subscribing now brings their tracks with the first media.
			RoomEvent.SignalConnected,
			RoomEvent.TrackPublished,
			RoomEvent.TrackSubscribed,
			RoomEvent.TrackUnsubscribed,
			RoomEvent.TrackUnpublished,
			RoomEvent.TrackMuted,
			RoomEvent.TrackUnmuted,
			RoomEvent.LocalTrackPublished,
			RoomEvent.LocalTrackUnpublished,
			RoomEvent.ParticipantConnected,
			RoomEvent.ParticipantDisconnected
		] as const;
		for (const change of changes) room.on(change, () => this.refresh());
		room.on(RoomEvent.ActiveSpeakersChanged, (speakers) => {
			// Interpreters speak too, and never take the large place.
			this.speaking = speakers.map(({ identity }) => identity).filter((identity) => this.#isOnStage(identity));
			this.lead = nextLead(this.lead, this.speaking);
		});
		room.on(RoomEvent.ConnectionQualityChanged, (quality, { identity }) => {
			if (quality === engine.ConnectionQuality.Lost) this.lost.add(identity);
			else this.lost.delete(identity);
		});
		room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => this.lost.delete(identity));
		room.on(RoomEvent.AudioPlaybackStatusChanged, () => (this.needsTap = !room.canPlaybackAudio));
	}

	/** Updates everything that is sent. */
	refresh(): void {
		const room = this.#room;
		if (!room) return;
		const everyone: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
		for (const identity of this.sending.keys())
			if (!everyone.some((one) => one.identity === identity)) this.sending.delete(identity);
		for (const one of everyone) {
			for (const publication of one.trackPublications.values())
				if (one !== room.localParticipant) this.#ask(one.identity, publication as RemoteTrackPublication);
			this.sending.set(one.identity, {
				camera: this.trackOf(one.identity, 'camera') !== null,
				screen: this.trackOf(one.identity, 'screen') !== null,
				microphone: this.#microphone(one)
			});
		}
		this.needsTap = !room.canPlaybackAudio;
		this.version += 1;
	}

	/** The track to show or play, or null. The reader's own camera is shown too; their own audio is never played. */
	trackOf(identity: string, kind: 'camera' | 'screen' | 'microphone' | 'screen_sound'): Track | null {
		const [room, engine] = [this.#room, this.#engine];
		if (!room || !engine) return null;
		const { Source } = engine.Track;
		const source = {
			camera: Source.Camera,
			screen: Source.ScreenShare,
			microphone: Source.Microphone,
			screen_sound: Source.ScreenShareAudio
		}[kind];
		const isOwn = room.localParticipant.identity === identity;
		if (isOwn && (kind === 'microphone' || kind === 'screen_sound')) return null;
		const publication = (isOwn ? room.localParticipant : room.remoteParticipants.get(identity))?.getTrackPublication(
			source
		);
		// An unsubscribed video keeps its track for a while.
		return publication?.isSubscribed && !publication.isMuted ? (publication.track ?? null) : null;
	}

	#microphone(one: Participant): boolean | null {
		const publication = this.#engine && one.getTrackPublication(this.#engine.Track.Source.Microphone);
		return publication ? !publication.isMuted : null;
	}

	#isOnStage(identity: string): boolean {
		return this.choice.onStage === null || this.choice.onStage.includes(identity);
	}

	// The server sends nothing unasked: each track is subscribed.
	#ask(identity: string, publication: RemoteTrackPublication) {
		const engine = this.#engine;
		if (!engine) return;
		const source = names[publication.source] ?? 'unknown';
		const { subscribed, quality } = receiveSettings({ identity, source }, this.choice);
		if (publication.isDesired !== subscribed) publication.setSubscribed(subscribed);
		// A place that is small on the page may still get less than this.
		if (quality) publication.setVideoQuality(engine.VideoQuality[layers[quality]]);
	}

	/** Called by a tap: browsers then allow audio. */
	async startAudio(): Promise<void> {
		await this.#room?.startAudio().catch(() => undefined);
		this.refresh();
	}

	/** Forgets the room. */
	clear(): void {
		this.#room = undefined;
		this.sending.clear();
		this.lost.clear();
		this.speaking = [];
		this.needsTap = false;
		this.version += 1;
	}
}

// LiveKit's names of the sources; they are part of its protocol.
const names: Partial<Record<Track.Source, MediaPublication['source']>> = {
	camera: 'camera',
	screen_share: 'screen',
	microphone: 'microphone',
	screen_share_audio: 'screen_sound'
};
const layers = { high: 'HIGH', medium: 'MEDIUM', low: 'LOW' } as const;
