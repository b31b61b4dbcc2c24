/* The part of livekit-client that we use. The whole package cannot be tree-shaken, and most of it is unused here. */
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
