/* What we use of livekit-client. Of the package as a whole nothing could be left out, and much of it nobody here needs. */
export {
	ConnectionQuality,
	ConnectionState,
	DisconnectReason,
	Room,
	RoomEvent,
	setLogLevel,
	Track,
	VideoQuality
} from 'livekit-client';
