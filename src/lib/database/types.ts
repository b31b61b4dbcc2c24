/* Made from the database by `npm run schema`. Change supabase/schemas, never this file. */
import type { TextMap } from '#lib/i18n/locale.ts';

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

/** What a JSON argument takes: any value, interfaces included, which `Json` refuses. The function checks its shape. */
export type JsonArgument = string | number | boolean | null | object;

/** The same for the pg driver, which would send an array as one of Postgres: JSON of an array goes as text. */
export type DriverJson = string | (object & { length?: never });

export type Database = {
	private: {
		Tables: { [_ in never]: never };
		Views: { [_ in never]: never };
		Functions: {
			abandon_object: {
				Args: {
					p_name: string | null;
				};
				Positional: [p_name: string | null];
				Row: {
					abandon_object: undefined | null;
				};
				Returns: undefined;
			};
			add_language_chunk: {
				Args: {
					p_hash: Uint8Array | null;
					p_part: number | null;
					p_language: string | null;
					p_number: number | null;
					p_starts: number | null;
					p_object: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_part: number | null,
					p_language: string | null,
					p_number: number | null,
					p_starts: number | null,
					p_object: string | null,
					p_now?: Date | string | null
				];
				Row: {
					add_language_chunk: Database['private']['Domains']['recording_chunk_status'] | null;
				};
				Returns: Database['private']['Domains']['recording_chunk_status'];
			};
			add_passkey: {
				Args: {
					p_challenge: Uint8Array | null;
					p_session: string | null;
					p_credential: Uint8Array | null;
					p_user_handle: Uint8Array | null;
					p_public_key: Uint8Array | null;
					p_counter: number | string | null;
					p_transports: readonly (string | null)[] | null;
					p_name: string | null;
					p_is_backed_up: boolean | null;
				};
				Positional: [
					p_challenge: Uint8Array | null,
					p_session: string | null,
					p_credential: Uint8Array | null,
					p_user_handle: Uint8Array | null,
					p_public_key: Uint8Array | null,
					p_counter: number | string | null,
					p_transports: readonly (string | null)[] | null,
					p_name: string | null,
					p_is_backed_up: boolean | null
				];
				Row: {
					add_passkey: Database['private']['Domains']['passkey_addition_status'] | null;
				};
				Returns: Database['private']['Domains']['passkey_addition_status'];
			};
			add_recording_chunk: {
				Args: {
					p_hash: Uint8Array | null;
					p_part: number | null;
					p_number: number | null;
					p_object: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_part: number | null,
					p_number: number | null,
					p_object: string | null,
					p_now?: Date | string | null
				];
				Row: {
					add_recording_chunk: Database['private']['Domains']['recording_chunk_status'] | null;
				};
				Returns: Database['private']['Domains']['recording_chunk_status'];
			};
			add_reporter_message: {
				Args: {
					p_code_hash: Uint8Array | null;
					p_source: Uint8Array | null;
					p_form_hash: Uint8Array | null;
					p_sealed: Uint8Array | null;
					p_key_id: string | null;
				};
				Positional: [
					p_code_hash: Uint8Array | null,
					p_source: Uint8Array | null,
					p_form_hash: Uint8Array | null,
					p_sealed: Uint8Array | null,
					p_key_id: string | null
				];
				Row: {
					add_reporter_message: Database['private']['Domains']['reporter_message_status'] | null;
				};
				Returns: Database['private']['Domains']['reporter_message_status'];
			};
			add_survey_answers: {
				Args: {
					p_collection: string | null;
					p_token_hash: Uint8Array | null;
					p_answers: DriverJson | null;
				};
				Positional: [p_collection: string | null, p_token_hash: Uint8Array | null, p_answers: DriverJson | null];
				Row: {
					add_survey_answers: Database['public']['Domains']['survey_answer_status'] | null;
				};
				Returns: Database['public']['Domains']['survey_answer_status'];
			};
			add_unsubscribe_link: {
				Args: {
					p_mail: string | null;
					p_claim: string | null;
					p_token_hash: string | null;
				};
				Positional: [p_mail: string | null, p_claim: string | null, p_token_hash: string | null];
				Row: {
					add_unsubscribe_link: boolean | null;
				};
				Returns: boolean;
			};
			add_wallet_device: {
				Args: {
					p_badge: string | null;
					p_device: string | null;
					p_token: string | null;
				};
				Positional: [p_badge: string | null, p_device: string | null, p_token: string | null];
				Row: {
					add_wallet_device: Database['private']['Domains']['pass_device_status'] | null;
				};
				Returns: Database['private']['Domains']['pass_device_status'];
			};
			alarm_old_backups: {
				Args: {
					p_now: Date | string | null;
				};
				Positional: [p_now: Date | string | null];
				Row: {
					alarm_old_backups: Date | null;
				};
				Returns: Date;
			};
			answer_commitment_link: {
				Args: {
					p_token_hash: string | null;
					p_agrees: boolean | null;
					p_reason: string | null;
				};
				Positional: [p_token_hash: string | null, p_agrees: boolean | null, p_reason: string | null];
				Row: {
					answer_commitment_link: Database['public']['Domains']['commitment_answer_status'] | null;
				};
				Returns: Database['public']['Domains']['commitment_answer_status'];
			};
			answer_unsubscribe_link: {
				Args: {
					p_token_hash: string | null;
					p_is_out: boolean | null;
				};
				Positional: [p_token_hash: string | null, p_is_out: boolean | null];
				Row: {
					answer_unsubscribe_link: Database['public']['Domains']['ok_or_not_found'] | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			api_agenda: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_agenda: Json | null;
				};
				Returns: Json;
			};
			api_attendance: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
					p_filters?: DriverJson | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_after: string | null,
					p_most: number | null,
					p_filters?: DriverJson | null
				];
				Row: {
					api_attendance: Json | null;
				};
				Returns: Json;
			};
			api_check_in: {
				Args: {
					p_hash: Uint8Array | null;
					p_idempotency_key: string | null;
					p_request_hash: Uint8Array | null;
					p_badge: string | null;
					p_badge_code: string | null;
					p_refused: string | null;
					p_checkpoint: string | null;
					p_direction: string | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_idempotency_key: string | null,
					p_request_hash: Uint8Array | null,
					p_badge: string | null,
					p_badge_code: string | null,
					p_refused: string | null,
					p_checkpoint: string | null,
					p_direction: string | null
				];
				Row: {
					api_check_in: Json | null;
				};
				Returns: Json;
			};
			api_checkpoints: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					api_checkpoints: Json | null;
				};
				Returns: Json;
			};
			api_commitments: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_commitments: Json | null;
				};
				Returns: Json;
			};
			api_documents: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
					p_filters?: DriverJson | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_after: string | null,
					p_most: number | null,
					p_filters?: DriverJson | null
				];
				Row: {
					api_documents: Json | null;
				};
				Returns: Json;
			};
			api_members: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_members: Json | null;
				};
				Returns: Json;
			};
			api_presence_counts: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_presence_counts: Json | null;
				};
				Returns: Json;
			};
			api_registration_counts: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					api_registration_counts: Json | null;
				};
				Returns: Json;
			};
			api_registrations: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
					p_filters?: DriverJson | null;
				};
				Positional: [
					p_hash: Uint8Array | null,
					p_after: string | null,
					p_most: number | null,
					p_filters?: DriverJson | null
				];
				Row: {
					api_registrations: Json | null;
				};
				Returns: Json;
			};
			api_sessions: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_sessions: Json | null;
				};
				Returns: Json;
			};
			api_speakers: {
				Args: {
					p_hash: Uint8Array | null;
					p_after: string | null;
					p_most: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_after: string | null, p_most: number | null];
				Row: {
					api_speakers: Json | null;
				};
				Returns: Json;
			};
			apply_livekit_event: {
				Args: {
					p_name: string | null;
					p_sid: string | null;
					p_identity: string | null;
					p_joined_at: Date | string | null;
					p_left_at: Date | string | null;
				};
				Positional: [
					p_name: string | null,
					p_sid: string | null,
					p_identity: string | null,
					p_joined_at: Date | string | null,
					p_left_at: Date | string | null
				];
				Row: {
					apply_livekit_event: number | null;
				};
				Returns: number;
			};
			apply_stripe_event: {
				Args: {
					p_event_id: string | null;
					p_type: string | null;
					p_object: DriverJson | null;
					p_created: Date | string | null;
				};
				Positional: [
					p_event_id: string | null,
					p_type: string | null,
					p_object: DriverJson | null,
					p_created: Date | string | null
				];
				Row: {
					apply_stripe_event: Json | null;
				};
				Returns: Json;
			};
			are_equipment_items: {
				Args: {
					p_things: readonly (string | null)[] | null;
				};
				Positional: [p_things: readonly (string | null)[] | null];
				Row: {
					are_equipment_items: boolean | null;
				};
				Returns: boolean;
			};
			are_links: {
				Args: {
					p_links: DriverJson | null;
				};
				Positional: [p_links: DriverJson | null];
				Row: {
					are_links: boolean | null;
				};
				Returns: boolean;
			};
			are_one_line:
				| {
						Args: {
							p_texts: DriverJson | null;
						};
						Positional: [p_texts: DriverJson | null];
						Row: {
							are_one_line: boolean | null;
						};
						Returns: boolean;
				  }
				| {
						Args: {
							p_texts: readonly (string | null)[] | null;
						};
						Positional: [p_texts: readonly (string | null)[] | null];
						Row: {
							are_one_line: boolean | null;
						};
						Returns: boolean;
				  };
			are_session_links: {
				Args: {
					p_links: DriverJson | null;
				};
				Positional: [p_links: DriverJson | null];
				Row: {
					are_session_links: boolean | null;
				};
				Returns: boolean;
			};
			are_survey_choices: {
				Args: {
					p_choices: DriverJson | null;
				};
				Positional: [p_choices: DriverJson | null];
				Row: {
					are_survey_choices: boolean | null;
				};
				Returns: boolean;
			};
			assign_ingress: {
				Args: {
					p_name: string | null;
					p_identity: string | null;
				};
				Positional: [p_name: string | null, p_identity: string | null];
				Row: {
					assign_ingress: boolean | null;
				};
				Returns: boolean;
			};
			assure_sign_in: {
				Args: {
					p_session: string | null;
					p_passkey: string | null;
				};
				Positional: [p_session: string | null, p_passkey: string | null];
				Row: {
					assure_sign_in: boolean | null;
				};
				Returns: boolean;
			};
			backup_lock_holder: {
				Args: never;
				Positional: [];
				Row: {
					backup_lock_holder: Json | null;
				};
				Returns: Json;
			};
			begin_api_request: {
				Args: {
					p_hash: Uint8Array | null;
					p_scope?: Database['public']['Enums']['api_scope'] | null;
				};
				Positional: [p_hash: Uint8Array | null, p_scope?: Database['public']['Enums']['api_scope'] | null];
				Row: {
					begin_api_request: Json | null;
				};
				Returns: Json;
			};
			begin_object: {
				Args: {
					p_name: string | null;
					p_media_type: string | null;
					p_size: number | string | null;
					p_sha256: string | null;
					p_scan: Database['public']['Enums']['scan_state'] | null;
				};
				Positional: [
					p_name: string | null,
					p_media_type: string | null,
					p_size: number | string | null,
					p_sha256: string | null,
					p_scan: Database['public']['Enums']['scan_state'] | null
				];
				Row: {
					begin_object: undefined | null;
				};
				Returns: undefined;
			};
			begin_recording_part: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					begin_recording_part: number | null;
				};
				Returns: number;
			};
			can_see: {
				Args: {
					p_person: string | null;
					p_session: string | null;
				};
				Positional: [p_person: string | null, p_session: string | null];
				Row: {
					can_see: boolean | null;
				};
				Returns: boolean;
			};
			cancel_address_change: {
				Args: {
					p_person: string | null;
				};
				Positional: [p_person: string | null];
				Row: {
					cancel_address_change: undefined | null;
				};
				Returns: undefined;
			};
			caption_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					caption_event: Json | null;
				};
				Returns: Json;
			};
			check_sign_in_code: {
				Args: {
					p_challenge: string | null;
					p_code_hash: Uint8Array | null;
				};
				Positional: [p_challenge: string | null, p_code_hash: Uint8Array | null];
				Row: {
					check_sign_in_code: Database['private']['Domains']['sign_in_code_status'] | null;
				};
				Returns: Database['private']['Domains']['sign_in_code_status'];
			};
			claim_alarm_calls: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					id: string | null;
					endpoint: string | null;
					p256dh: string | null;
					auth: string | null;
					number_sealed: Buffer | null;
					key_id: string | null;
					locale: string | null;
					slug: string | null;
					summit_name: Json | null;
				};
				Returns: {
					id: string;
					endpoint: string;
					p256dh: string;
					auth: string;
					number_sealed: Buffer;
					key_id: string;
					locale: string;
					slug: string;
					summit_name: Json;
				}[];
			};
			claim_backup: {
				Args: {
					p_now: Date | string | null;
				};
				Positional: [p_now: Date | string | null];
				Row: {
					claim_backup: string | null;
				};
				Returns: string;
			};
			claim_google_passes: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					badge_id: string | null;
					locale: string | null;
					content: Json | null;
				};
				Returns: {
					badge_id: string;
					locale: string;
					content: Json;
				}[];
			};
			claim_invitations: {
				Args: {
					p_mail: string | null;
				};
				Positional: [p_mail: string | null];
				Row: {
					claim_invitations: Json | null;
				};
				Returns: Json;
			};
			claim_livekit_rooms: {
				Args: {
					p_names: readonly (string | null)[] | null;
					p_every?: string | null;
				};
				Positional: [p_names: readonly (string | null)[] | null, p_every?: string | null];
				Row: {
					name: string | null;
					is_open: boolean | null;
				};
				Returns: {
					name: string;
					is_open: boolean;
				}[];
			};
			claim_mail: {
				Args: {
					p_limit?: number | null;
					p_id?: string | null;
					p_only_urgent?: boolean | null;
				};
				Positional: [p_limit?: number | null, p_id?: string | null, p_only_urgent?: boolean | null];
				Row: {
					id: string | null;
					claim: string | null;
					template: string | null;
					locale: string | null;
					params: Json | null;
					priority: number | null;
					attempts: number | null;
					address_sealed: Buffer | null;
					address_key_id: string | null;
					secret: Buffer | null;
					secret_key_id: string | null;
					time_zone: string | null;
					summit: Json | null;
					wording: Json | null;
				};
				Returns: {
					id: string;
					claim: string;
					template: string;
					locale: string;
					params: Json;
					priority: number;
					attempts: number;
					address_sealed: Buffer;
					address_key_id: string;
					secret: Buffer;
					secret_key_id: string;
					time_zone: string;
					summit: Json;
					wording: Json;
				}[];
			};
			claim_meeting_events: {
				Args: {
					p_mail: string | null;
				};
				Positional: [p_mail: string | null];
				Row: {
					claim_meeting_events: Json | null;
				};
				Returns: Json;
			};
			claim_pushes: {
				Args: {
					p_announcement: string | null;
					p_limit?: number | null;
				};
				Positional: [p_announcement: string | null, p_limit?: number | null];
				Row: {
					id: string | null;
					endpoint: string | null;
					p256dh: string | null;
					auth: string | null;
					locale: string | null;
					wording: Json | null;
					slug: string | null;
					summit_name: Json | null;
					page: string | null;
					is_urgent: boolean | null;
					seconds: number | null;
				};
				Returns: {
					id: string;
					endpoint: string;
					p256dh: string;
					auth: string;
					locale: string;
					wording: Json;
					slug: string;
					summit_name: Json;
					page: string;
					is_urgent: boolean;
					seconds: number;
				}[];
			};
			claim_recorders: {
				Args: {
					p_process: string | null;
					p_most: number | null;
					p_now?: Date | string | null;
				};
				Positional: [p_process: string | null, p_most: number | null, p_now?: Date | string | null];
				Row: {
					recording: string | null;
					is_new: boolean | null;
				};
				Returns: {
					recording: string;
					is_new: boolean;
				}[];
			};
			claim_recording_copy: {
				Args: {
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_process: string | null, p_now?: Date | string | null];
				Row: {
					recording: string | null;
					object: string | null;
					length_ms: number | null;
				};
				Returns: {
					recording: string;
					object: string;
					length_ms: number;
				}[];
			};
			claim_recording_language: {
				Args: {
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_process: string | null, p_now?: Date | string | null];
				Row: {
					recording: string | null;
					language: string | null;
					is_new: boolean | null;
				};
				Returns: {
					recording: string;
					language: string;
					is_new: boolean;
				}[];
			};
			claim_recording_trim: {
				Args: {
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_process: string | null, p_now?: Date | string | null];
				Row: {
					recording: string | null;
					object: string | null;
					media_type: string | null;
					from_ms: number | null;
					until_ms: number | null;
				};
				Returns: {
					recording: string;
					object: string;
					media_type: string;
					from_ms: number;
					until_ms: number;
				}[];
			};
			claim_recordings_to_finish: {
				Args: {
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_process: string | null, p_now?: Date | string | null];
				Row: {
					claim_recordings_to_finish: string | null;
				};
				Returns: string[];
			};
			claim_wallet_pushes: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					badge_id: string | null;
					device: string | null;
					push_token: string | null;
				};
				Returns: {
					badge_id: string;
					device: string;
					push_token: string;
				}[];
			};
			claim_webhook_endpoint: {
				Args: {
					p_endpoint?: string | null;
				};
				Positional: [p_endpoint?: string | null];
				Row: {
					endpoint_id: string | null;
					claim: string | null;
					url: string | null;
					secret_sealed: Buffer | null;
					key_id: string | null;
					old_secret_sealed: Buffer | null;
					old_key_id: string | null;
				};
				Returns: {
					endpoint_id: string;
					claim: string;
					url: string;
					secret_sealed: Buffer;
					key_id: string;
					old_secret_sealed: Buffer;
					old_key_id: string;
				}[];
			};
			clean_backup_runs: {
				Args: {
					p_now: Date | string | null;
				};
				Positional: [p_now: Date | string | null];
				Row: {
					clean_backup_runs: undefined | null;
				};
				Returns: undefined;
			};
			clean_faults: {
				Args: {
					p_now: Date | string | null;
				};
				Positional: [p_now: Date | string | null];
				Row: {
					clean_faults: undefined | null;
				};
				Returns: undefined;
			};
			clean_status: {
				Args: {
					p_now: Date | string | null;
				};
				Positional: [p_now: Date | string | null];
				Row: {
					clean_status: undefined | null;
				};
				Returns: undefined;
			};
			complete_impact_release: {
				Args: {
					p_release: string | null;
					p_content: DriverJson | null;
				};
				Positional: [p_release: string | null, p_content: DriverJson | null];
				Row: {
					complete_impact_release: Database['public']['Domains']['impact_completion_status'] | null;
				};
				Returns: Database['public']['Domains']['impact_completion_status'];
			};
			confirm_address_change: {
				Args: {
					p_account: string | null;
					p_session: string | null;
					p_old_code_hash: Uint8Array | null;
					p_new_code_hash: Uint8Array | null;
					p_address: string | null;
					p_address_hash: Uint8Array | null;
				};
				Positional: [
					p_account: string | null,
					p_session: string | null,
					p_old_code_hash: Uint8Array | null,
					p_new_code_hash: Uint8Array | null,
					p_address: string | null,
					p_address_hash: Uint8Array | null
				];
				Row: {
					confirm_address_change: Database['private']['Domains']['address_change_status'] | null;
				};
				Returns: Database['private']['Domains']['address_change_status'];
			};
			confirm_session: {
				Args: {
					p_challenge: Uint8Array | null;
					p_session: string | null;
					p_passkey: string | null;
					p_counter: number | string | null;
					p_is_backed_up: boolean | null;
				};
				Positional: [
					p_challenge: Uint8Array | null,
					p_session: string | null,
					p_passkey: string | null,
					p_counter: number | string | null,
					p_is_backed_up: boolean | null
				];
				Row: {
					confirm_session: Database['private']['Domains']['passkey_status'] | null;
				};
				Returns: Database['private']['Domains']['passkey_status'];
			};
			count_impact: {
				Args: {
					p_summit: string | null;
				};
				Positional: [p_summit: string | null];
				Row: {
					count_impact: Json | null;
				};
				Returns: Json;
			};
			count_survey_answers: {
				Args: {
					p_collection: string | null;
				};
				Positional: [p_collection: string | null];
				Row: {
					count_survey_answers: Json | null;
				};
				Returns: Json;
			};
			delete_egress: {
				Args: {
					p_id: string | null;
				};
				Positional: [p_id: string | null];
				Row: {
					delete_egress: undefined | null;
				};
				Returns: undefined;
			};
			delete_expired_challenges: {
				Args: never;
				Positional: [];
				Row: {
					delete_expired_challenges: number | null;
				};
				Returns: number;
			};
			delete_object_rows: {
				Args: {
					p_names: readonly (string | null)[] | null;
					p_now?: Date | string | null;
				};
				Positional: [p_names: readonly (string | null)[] | null, p_now?: Date | string | null];
				Row: {
					delete_object_rows: undefined | null;
				};
				Returns: undefined;
			};
			deliver_announcements: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_locale?: string | null;
				};
				Positional: [p_person: string | null, p_summit: string | null, p_locale?: string | null];
				Row: {
					deliver_announcements: Json | null;
				};
				Returns: Json;
			};
			desk_pass: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_run: string | null;
					p_auth_session?: string | null;
					p_purpose?: string | null;
				};
				Positional: [
					p_person: string | null,
					p_summit: string | null,
					p_run: string | null,
					p_auth_session?: string | null,
					p_purpose?: string | null
				];
				Row: {
					desk_pass: Json | null;
				};
				Returns: Json;
			};
			door_snapshot: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_key_hash: Uint8Array | null;
				};
				Positional: [p_person: string | null, p_summit: string | null, p_key_hash: Uint8Array | null];
				Row: {
					door_snapshot: Json | null;
				};
				Returns: Json;
			};
			drop_empty_invitation_mail: {
				Args: {
					p_id: string | null;
					p_claim: string | null;
				};
				Positional: [p_id: string | null, p_claim: string | null];
				Row: {
					drop_empty_invitation_mail: undefined | null;
				};
				Returns: undefined;
			};
			drop_unwanted_campaign_mail: {
				Args: {
					p_id: string | null;
					p_claim: string | null;
				};
				Positional: [p_id: string | null, p_claim: string | null];
				Row: {
					drop_unwanted_campaign_mail: boolean | null;
				};
				Returns: boolean;
			};
			due_refunds: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					id: string | null;
					payment_intent: string | null;
					amount: number | null;
					currency: string | null;
					attempts: number | null;
				};
				Returns: {
					id: string;
					payment_intent: string;
					amount: number;
					currency: string;
					attempts: number;
				}[];
			};
			end_lapsed_roles: {
				Args: {
					p_person?: string | null;
				};
				Positional: [p_person?: string | null];
				Row: {
					end_lapsed_roles: number | null;
				};
				Returns: number;
			};
			end_lost_connections: {
				Args: {
					p_open_names: readonly (string | null)[] | null;
					p_at?: Date | string | null;
				};
				Positional: [p_open_names: readonly (string | null)[] | null, p_at?: Date | string | null];
				Row: {
					end_lost_connections: number | null;
				};
				Returns: number;
			};
			end_lost_webhook_tests: {
				Args: never;
				Positional: [];
				Row: {
					end_lost_webhook_tests: undefined | null;
				};
				Returns: undefined;
			};
			end_recording_part: {
				Args: {
					p_hash: Uint8Array | null;
					p_part: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_part: number | null];
				Row: {
					end_recording_part: undefined | null;
				};
				Returns: undefined;
			};
			ended_auth_sessions: {
				Args: {
					p_sessions: readonly (string | null)[] | null;
				};
				Positional: [p_sessions: readonly (string | null)[] | null];
				Row: {
					ended_auth_sessions: string | null;
				};
				Returns: string[];
			};
			ensure_egress: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					ensure_egress: Json | null;
				};
				Returns: Json;
			};
			entry_decision: {
				Args: {
					p_person: string | null;
					p_session: string | null;
					p_channel: Database['public']['Enums']['access_channel'] | null;
				};
				Positional: [
					p_person: string | null,
					p_session: string | null,
					p_channel: Database['public']['Enums']['access_channel'] | null
				];
				Row: {
					entry_decision: Database['public']['Domains']['entry_status'] | null;
				};
				Returns: Database['public']['Domains']['entry_status'];
			};
			erase_announcement_readers: {
				Args: never;
				Positional: [];
				Row: {
					erase_announcement_readers: number | null;
				};
				Returns: number;
			};
			erase_due_person: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					erase_due_person: boolean | null;
				};
				Returns: boolean;
			};
			erased_ids: {
				Args: never;
				Positional: [];
				Row: {
					person_id: string | null;
				};
				Returns: string[];
			};
			escalate_alarms: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					escalate_alarms: undefined | null;
				};
				Returns: undefined;
			};
			expect_wal_archiving: {
				Args: {
					p_is_expected: boolean | null;
				};
				Positional: [p_is_expected: boolean | null];
				Row: {
					expect_wal_archiving: undefined | null;
				};
				Returns: undefined;
			};
			extend_mail_claim: {
				Args: {
					p_id: string | null;
					p_claim: string | null;
				};
				Positional: [p_id: string | null, p_claim: string | null];
				Row: {
					extend_mail_claim: boolean | null;
				};
				Returns: boolean;
			};
			fail_backup: {
				Args: {
					p_id: string | null;
					p_fault: Database['private']['Domains']['backup_fault'] | null;
				};
				Positional: [p_id: string | null, p_fault: Database['private']['Domains']['backup_fault'] | null];
				Row: {
					fail_backup: Database['private']['Domains']['backup_fault'] | null;
				};
				Returns: Database['private']['Domains']['backup_fault'];
			};
			fail_egress: {
				Args: {
					p_id: string | null;
				};
				Positional: [p_id: string | null];
				Row: {
					fail_egress: undefined | null;
				};
				Returns: undefined;
			};
			fail_recording: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					fail_recording: undefined | null;
				};
				Returns: undefined;
			};
			fail_recording_copy: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_reason: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_recording: string | null,
					p_process: string | null,
					p_reason: string | null,
					p_now?: Date | string | null
				];
				Row: {
					fail_recording_copy: undefined | null;
				};
				Returns: undefined;
			};
			fail_recording_language: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
					p_process: string | null;
					p_reason: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_recording: string | null,
					p_language: string | null,
					p_process: string | null,
					p_reason: string | null,
					p_now?: Date | string | null
				];
				Row: {
					fail_recording_language: undefined | null;
				};
				Returns: undefined;
			};
			fail_recording_trim: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_reason: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_recording: string | null,
					p_process: string | null,
					p_reason: string | null,
					p_now?: Date | string | null
				];
				Row: {
					fail_recording_trim: undefined | null;
				};
				Returns: undefined;
			};
			find_large_audience_stream: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_room: string | null;
					p_said?: string | null;
				};
				Positional: [p_person: string | null, p_summit: string | null, p_room: string | null, p_said?: string | null];
				Row: {
					find_large_audience_stream: string | null;
				};
				Returns: string;
			};
			find_passkey: {
				Args: {
					p_credential: Uint8Array | null;
				};
				Positional: [p_credential: Uint8Array | null];
				Row: {
					id: string | null;
					public_key: Buffer | null;
				};
				Returns: {
					id: string;
					public_key: Buffer;
				}[];
			};
			finish_egress: {
				Args: {
					p_id: string | null;
					p_object: string | null;
				};
				Positional: [p_id: string | null, p_object: string | null];
				Row: {
					finish_egress: boolean | null;
				};
				Returns: boolean;
			};
			finish_recording: {
				Args: {
					p_recording: string | null;
					p_object: string | null;
					p_length: number | null;
					p_lengths: DriverJson | null;
				};
				Positional: [
					p_recording: string | null,
					p_object: string | null,
					p_length: number | null,
					p_lengths: DriverJson | null
				];
				Row: {
					finish_recording: boolean | null;
				};
				Returns: boolean;
			};
			finish_recording_copy: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_object: string | null;
				};
				Positional: [p_recording: string | null, p_process: string | null, p_object: string | null];
				Row: {
					finish_recording_copy: boolean | null;
				};
				Returns: boolean;
			};
			finish_recording_language: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
					p_process: string | null;
					p_object: string | null;
					p_whole: string | null;
					p_missing: number | null;
				};
				Positional: [
					p_recording: string | null,
					p_language: string | null,
					p_process: string | null,
					p_object: string | null,
					p_whole: string | null,
					p_missing: number | null
				];
				Row: {
					finish_recording_language: boolean | null;
				};
				Returns: boolean;
			};
			finish_recording_trim: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_object: string | null;
					p_from: number | null;
					p_length: number | null;
					p_languages?: DriverJson | null;
				};
				Positional: [
					p_recording: string | null,
					p_process: string | null,
					p_object: string | null,
					p_from: number | null,
					p_length: number | null,
					p_languages?: DriverJson | null
				];
				Row: {
					finish_recording_trim: boolean | null;
				};
				Returns: boolean;
			};
			finish_scan: {
				Args: {
					p_version: string | null;
					p_result: Database['public']['Enums']['scan_state'] | null;
					p_note: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_version: string | null,
					p_result: Database['public']['Enums']['scan_state'] | null,
					p_note: string | null,
					p_now?: Date | string | null
				];
				Row: {
					finish_scan: undefined | null;
				};
				Returns: undefined;
			};
			hall_pass: {
				Args: {
					p_code: string | null;
					p_summit: string | null;
					p_room: string | null;
					p_kind?: string | null;
					p_takes?: boolean | null;
				};
				Positional: [
					p_code: string | null,
					p_summit: string | null,
					p_room: string | null,
					p_kind?: string | null,
					p_takes?: boolean | null
				];
				Row: {
					hall_pass: Json | null;
				};
				Returns: Json;
			};
			hands_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					hands_event: Json | null;
				};
				Returns: Json;
			};
			hold_recording_copy: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_recording: string | null, p_process: string | null, p_now?: Date | string | null];
				Row: {
					hold_recording_copy: boolean | null;
				};
				Returns: boolean;
			};
			hold_recording_language: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [
					p_recording: string | null,
					p_language: string | null,
					p_process: string | null,
					p_now?: Date | string | null
				];
				Row: {
					hold_recording_language: boolean | null;
				};
				Returns: boolean;
			};
			hold_recording_trim: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
					p_now?: Date | string | null;
				};
				Positional: [p_recording: string | null, p_process: string | null, p_now?: Date | string | null];
				Row: {
					hold_recording_trim: boolean | null;
				};
				Returns: boolean;
			};
			ingress_livekit_room: {
				Args: {
					p_identity: string | null;
				};
				Positional: [p_identity: string | null];
				Row: {
					ingress_livekit_room: string | null;
				};
				Returns: string;
			};
			invite_assistant: {
				Args: {
					p_account: string | null;
					p_address_hash: Uint8Array | null;
					p_address_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_scope: string | null;
					p_until: Date | string | null;
					p_locale: string | null;
				};
				Positional: [
					p_account: string | null,
					p_address_hash: Uint8Array | null,
					p_address_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_scope: string | null,
					p_until: Date | string | null,
					p_locale: string | null
				];
				Row: {
					invite_assistant: Database['private']['Domains']['assistant_invitation_status'] | null;
				};
				Returns: Database['private']['Domains']['assistant_invitation_status'];
			};
			is_interface_language: {
				Args: {
					p_language: string | null;
				};
				Positional: [p_language: string | null];
				Row: {
					is_interface_language: boolean | null;
				};
				Returns: boolean;
			};
			is_one_line: {
				Args: {
					p_text: string | null;
				};
				Positional: [p_text: string | null];
				Row: {
					is_one_line: boolean | null;
				};
				Returns: boolean;
			};
			is_recorder_key: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					is_recorder_key: boolean | null;
				};
				Returns: boolean;
			};
			is_text_map: {
				Args: {
					p_map: DriverJson | null;
				};
				Positional: [p_map: DriverJson | null];
				Row: {
					is_text_map: boolean | null;
				};
				Returns: boolean;
			};
			languages_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					languages_event: Json | null;
				};
				Returns: Json;
			};
			library_texts_fit: {
				Args: {
					p_title: DriverJson | null;
					p_summary: DriverJson | null;
					p_authors: readonly (string | null)[] | null;
				};
				Positional: [
					p_title: DriverJson | null,
					p_summary: DriverJson | null,
					p_authors: readonly (string | null)[] | null
				];
				Row: {
					library_texts_fit: boolean | null;
				};
				Returns: boolean;
			};
			link_account: {
				Args: {
					p_account: string | null;
					p_address_hash: Uint8Array | null;
					p_address_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_is_owner_address?: boolean | null;
				};
				Positional: [
					p_account: string | null,
					p_address_hash: Uint8Array | null,
					p_address_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_is_owner_address?: boolean | null
				];
				Row: {
					link_account: string | null;
				};
				Returns: string;
			};
			list_assistant_invitations: {
				Args: {
					p_account: string | null;
				};
				Positional: [p_account: string | null];
				Row: {
					id: string | null;
					address_sealed: Buffer | null;
					key_id: string | null;
					scope: string | null;
					until: Date | null;
				};
				Returns: {
					id: string;
					address_sealed: Buffer;
					key_id: string;
					scope: string;
					until: Date;
				}[];
			};
			list_due_campaigns: {
				Args: never;
				Positional: [];
				Row: {
					list_due_campaigns: string | null;
				};
				Returns: string[];
			};
			list_egress_actions: {
				Args: {
					p_named: readonly (string | null)[] | null;
				};
				Positional: [p_named: readonly (string | null)[] | null];
				Row: {
					id: string | null;
					egress_id: string | null;
					object_key: string | null;
					recording: string | null;
					length_ms: number | null;
					action: string | null;
				};
				Returns: {
					id: string;
					egress_id: string;
					object_key: string;
					recording: string;
					length_ms: number;
					action: string;
				}[];
			};
			list_green_rooms: {
				Args: {
					p_summit: string | null;
				};
				Positional: [p_summit: string | null];
				Row: {
					run_id: string | null;
					name: string | null;
				};
				Returns: {
					run_id: string;
					name: string;
				}[];
			};
			list_language_chunks: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
				};
				Positional: [p_recording: string | null, p_language: string | null];
				Row: {
					part: number | null;
					before_ms: number | null;
					length_ms: number | null;
					starts_ms: number | null;
					object: string | null;
				};
				Returns: {
					part: number;
					before_ms: number;
					length_ms: number;
					starts_ms: number;
					object: string;
				}[];
			};
			list_language_files: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
				};
				Positional: [p_recording: string | null, p_language: string | null];
				Row: {
					is_whole: boolean | null;
					picture: string | null;
					sound: string | null;
					starts_ms: number | null;
				};
				Returns: {
					is_whole: boolean;
					picture: string;
					sound: string;
					starts_ms: number;
				}[];
			};
			list_languages_to_cut: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					language: string | null;
					object: string | null;
				};
				Returns: {
					language: string;
					object: string;
				}[];
			};
			list_leaving_voices: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
				};
				Positional: [p_recording: string | null, p_language: string | null];
				Row: {
					from_ms: number | null;
					until_ms: number | null;
				};
				Returns: {
					from_ms: number;
					until_ms: number;
				}[];
			};
			list_livekit_rooms: {
				Args: {
					p_session: string | null;
					p_people?: readonly (string | null)[] | null;
				};
				Positional: [p_session: string | null, p_people?: readonly (string | null)[] | null];
				Row: {
					list_livekit_rooms: string | null;
				};
				Returns: string[];
			};
			list_muted: {
				Args: {
					p_code: string | null;
				};
				Positional: [p_code: string | null];
				Row: {
					room: string | null;
					identity: string | null;
				};
				Returns: {
					room: string;
					identity: string;
				}[];
			};
			list_recording_chunks: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					part: number | null;
					most_ms: number | null;
					object: string | null;
				};
				Returns: {
					part: number;
					most_ms: number;
					object: string;
				}[];
			};
			list_stale_subscribers: {
				Args: {
					p_topic: string | null;
					p_people: readonly (string | null)[] | null;
				};
				Positional: [p_topic: string | null, p_people: readonly (string | null)[] | null];
				Row: {
					person_id: string | null;
				};
				Returns: string[];
			};
			list_wallet_passes: {
				Args: {
					p_device: string | null;
					p_since?: Date | string | null;
				};
				Positional: [p_device: string | null, p_since?: Date | string | null];
				Row: {
					badge_id: string | null;
					changed_at: Date | null;
				};
				Returns: {
					badge_id: string;
					changed_at: Date;
				}[];
			};
			mark_lost_objects: {
				Args: {
					p_names: readonly (string | null)[] | null;
				};
				Positional: [p_names: readonly (string | null)[] | null];
				Row: {
					mark_lost_objects: undefined | null;
				};
				Returns: undefined;
			};
			mark_mail_failed: {
				Args: {
					p_id: string | null;
					p_claim: string | null;
					p_error: string | null;
					p_is_final?: boolean | null;
				};
				Positional: [p_id: string | null, p_claim: string | null, p_error: string | null, p_is_final?: boolean | null];
				Row: {
					mark_mail_failed: Date | null;
				};
				Returns: Date;
			};
			mark_mail_sent: {
				Args: {
					p_id: string | null;
					p_claim: string | null;
				};
				Positional: [p_id: string | null, p_claim: string | null];
				Row: {
					mark_mail_sent: undefined | null;
				};
				Returns: undefined;
			};
			may_add_passkey: {
				Args: {
					p_session: string | null;
				};
				Positional: [p_session: string | null];
				Row: {
					may_add_passkey: boolean | null;
				};
				Returns: boolean;
			};
			may_watch_large_audience: {
				Args: {
					p_stream: string | null;
					p_person: string | null;
					p_said: string | null;
				};
				Positional: [p_stream: string | null, p_person: string | null, p_said: string | null];
				Row: {
					may_watch_large_audience: boolean | null;
				};
				Returns: boolean;
			};
			meeting_pass: {
				Args: {
					p_person: string | null;
					p_group: string | null;
					p_code: string | null;
					p_auth_session?: string | null;
					p_camera?: boolean | null;
				};
				Positional: [
					p_person: string | null,
					p_group: string | null,
					p_code: string | null,
					p_auth_session?: string | null,
					p_camera?: boolean | null
				];
				Row: {
					meeting_pass: Json | null;
				};
				Returns: Json;
			};
			meeting_staff_pass: {
				Args: {
					p_person: string | null;
					p_group: string | null;
					p_code: string | null;
					p_auth_session?: string | null;
				};
				Positional: [
					p_person: string | null,
					p_group: string | null,
					p_code: string | null,
					p_auth_session?: string | null
				];
				Row: {
					meeting_staff_pass: Json | null;
				};
				Returns: Json;
			};
			message_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					message_event: Json | null;
				};
				Returns: Json;
			};
			missing_objects: {
				Args: {
					p_present: readonly (string | null)[] | null;
					p_looked_at: Date | string | null;
				};
				Positional: [p_present: readonly (string | null)[] | null, p_looked_at: Date | string | null];
				Row: {
					missing_objects: string | null;
				};
				Returns: string[];
			};
			mix_survey_answers: {
				Args: never;
				Positional: [];
				Row: {
					mix_survey_answers: number | null;
				};
				Returns: number;
			};
			next_webhook: {
				Args: {
					p_endpoint: string | null;
					p_claim: string | null;
				};
				Positional: [p_endpoint: string | null, p_claim: string | null];
				Row: {
					delivery: string | null;
					event: string | null;
					kind: Database['public']['Enums']['webhook_kind'] | null;
					occurred_at: Date | null;
					data: Json | null;
				};
				Returns: {
					delivery: string;
					event: string;
					kind: Database['public']['Enums']['webhook_kind'];
					occurred_at: Date;
					data: Json;
				}[];
			};
			notify_door_by_clock: {
				Args: never;
				Positional: [];
				Row: {
					notify_door_by_clock: undefined | null;
				};
				Returns: undefined;
			};
			notify_signed_out: {
				Args: {
					p_account: string | null;
					p_session: string | null;
				};
				Positional: [p_account: string | null, p_session: string | null];
				Row: {
					notify_signed_out: undefined | null;
				};
				Returns: undefined;
			};
			object_of_commitment_file: {
				Args: {
					p_file: string | null;
				};
				Positional: [p_file: string | null];
				Row: {
					object_of_commitment_file: string | null;
				};
				Returns: string;
			};
			object_of_library_file: {
				Args: {
					p_file: string | null;
					p_is_opening: boolean | null;
				};
				Positional: [p_file: string | null, p_is_opening: boolean | null];
				Row: {
					object_of_library_file: string | null;
				};
				Returns: string;
			};
			object_of_meeting_paper: {
				Args: {
					p_paper: string | null;
				};
				Positional: [p_paper: string | null];
				Row: {
					object_of_meeting_paper: string | null;
				};
				Returns: string;
			};
			object_of_page_file: {
				Args: {
					p_file: string | null;
				};
				Positional: [p_file: string | null];
				Row: {
					object_of_page_file: string | null;
				};
				Returns: string;
			};
			object_of_portrait: {
				Args: {
					p_portrait: string | null;
					p_is_large: boolean | null;
				};
				Positional: [p_portrait: string | null, p_is_large: boolean | null];
				Row: {
					object_of_portrait: string | null;
				};
				Returns: string;
			};
			object_of_recording: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					object_of_recording: string | null;
				};
				Returns: string;
			};
			object_of_recording_copy: {
				Args: {
					p_recording: string | null;
				};
				Positional: [p_recording: string | null];
				Row: {
					object_of_recording_copy: string | null;
				};
				Returns: string;
			};
			object_of_recording_language: {
				Args: {
					p_recording: string | null;
					p_language: string | null;
				};
				Positional: [p_recording: string | null, p_language: string | null];
				Row: {
					object_of_recording_language: string | null;
				};
				Returns: string;
			};
			object_of_version: {
				Args: {
					p_version: string | null;
				};
				Positional: [p_version: string | null];
				Row: {
					object_of_version: string | null;
				};
				Returns: string;
			};
			object_to_scan: {
				Args: {
					p_version: string | null;
				};
				Positional: [p_version: string | null];
				Row: {
					object_to_scan: string | null;
				};
				Returns: string;
			};
			objects_to_erase: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					objects_to_erase: string | null;
				};
				Returns: string[];
			};
			open_address_change: {
				Args: {
					p_person: string | null;
				};
				Positional: [p_person: string | null];
				Row: {
					address_sealed: Buffer | null;
					key_id: string | null;
					needs_old_code: boolean | null;
				};
				Returns: {
					address_sealed: Buffer;
					key_id: string;
					needs_old_code: boolean;
				}[];
			};
			open_concern_by_code: {
				Args: {
					p_code_hash: Uint8Array | null;
					p_source: Uint8Array | null;
				};
				Positional: [p_code_hash: Uint8Array | null, p_source: Uint8Array | null];
				Row: {
					open_concern_by_code: Json | null;
				};
				Returns: Json;
			};
			open_invitation: {
				Args: {
					p_token_hash: string | null;
				};
				Positional: [p_token_hash: string | null];
				Row: {
					open_invitation: undefined | null;
				};
				Returns: undefined;
			};
			passkeys_of_session: {
				Args: {
					p_session: string | null;
				};
				Positional: [p_session: string | null];
				Row: {
					credential_id: Buffer | null;
					transports: string[] | null;
					user_handle: Buffer | null;
				};
				Returns: {
					credential_id: Buffer;
					transports: string[];
					user_handle: Buffer;
				}[];
			};
			poll_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					poll_event: Json | null;
				};
				Returns: Json;
			};
			post_captions: {
				Args: {
					p_token_hash: string | null;
					p_lines: DriverJson | null;
				};
				Positional: [p_token_hash: string | null, p_lines: DriverJson | null];
				Row: {
					post_captions: Json | null;
				};
				Returns: Json;
			};
			probe_write: {
				Args: never;
				Positional: [];
				Row: {
					probe_write: Date | null;
				};
				Returns: Date;
			};
			proposal_invitation_address: {
				Args: {
					p_entry: string | null;
				};
				Positional: [p_entry: string | null];
				Row: {
					address_sealed: Buffer | null;
					key_id: string | null;
					locale: string | null;
				};
				Returns: {
					address_sealed: Buffer;
					key_id: string;
					locale: string;
				}[];
			};
			question_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					question_event: Json | null;
				};
				Returns: Json;
			};
			queue_group_messages: {
				Args: {
					p_summit?: string | null;
				};
				Positional: [p_summit?: string | null];
				Row: {
					queue_group_messages: number | null;
				};
				Returns: number;
			};
			raise_concern: {
				Args: {
					p_summit: string | null;
					p_session: string | null;
					p_run: string | null;
					p_reporter: string | null;
					p_about: string | null;
					p_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_source?: Uint8Array | null;
					p_about_people?: readonly (string | null)[] | null;
					p_about_lead?: boolean | null;
					p_message?: string | null;
					p_code_hash?: Uint8Array | null;
					p_locale?: string | null;
					p_taken_by?: string | null;
				};
				Positional: [
					p_summit: string | null,
					p_session: string | null,
					p_run: string | null,
					p_reporter: string | null,
					p_about: string | null,
					p_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_source?: Uint8Array | null,
					p_about_people?: readonly (string | null)[] | null,
					p_about_lead?: boolean | null,
					p_message?: string | null,
					p_code_hash?: Uint8Array | null,
					p_locale?: string | null,
					p_taken_by?: string | null
				];
				Row: {
					raise_concern: string | null;
				};
				Returns: string;
			};
			random_code: {
				Args: {
					p_length: number | null;
				};
				Positional: [p_length: number | null];
				Row: {
					random_code: string | null;
				};
				Returns: string;
			};
			read_agenda_for: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_only_mine?: boolean | null;
				};
				Positional: [p_person: string | null, p_summit: string | null, p_only_mine?: boolean | null];
				Row: {
					read_agenda_for: Json | null;
				};
				Returns: Json;
			};
			read_certificate: {
				Args: {
					p_code_hash: Uint8Array | null;
				};
				Positional: [p_code_hash: Uint8Array | null];
				Row: {
					read_certificate: Json | null;
				};
				Returns: Json;
			};
			read_commitment_link: {
				Args: {
					p_token_hash: string | null;
				};
				Positional: [p_token_hash: string | null];
				Row: {
					read_commitment_link: Json | null;
				};
				Returns: Json;
			};
			read_draft_preview: {
				Args: {
					p_token_hash: Uint8Array | null;
				};
				Positional: [p_token_hash: Uint8Array | null];
				Row: {
					read_draft_preview: Json | null;
				};
				Returns: Json;
			};
			read_hall_camera: {
				Args: {
					p_code: string | null;
					p_summit: string | null;
					p_room: string | null;
				};
				Positional: [p_code: string | null, p_summit: string | null, p_room: string | null];
				Row: {
					read_hall_camera: Json | null;
				};
				Returns: Json;
			};
			read_large_audience_stream: {
				Args: {
					p_stream: string | null;
				};
				Positional: [p_stream: string | null];
				Row: {
					session_id: string | null;
					object_key: string | null;
					said: string | null;
				};
				Returns: {
					session_id: string;
					object_key: string;
					said: string;
				}[];
			};
			read_measures: {
				Args: never;
				Positional: [];
				Row: {
					name: string | null;
					labels: Json | null;
					value: number | null;
				};
				Returns: {
					name: string;
					labels: Json;
					value: number;
				}[];
			};
			read_personal_feed: {
				Args: {
					p_token_hash: Uint8Array | null;
				};
				Positional: [p_token_hash: Uint8Array | null];
				Row: {
					read_personal_feed: Json | null;
				};
				Returns: Json;
			};
			read_room_screen: {
				Args: {
					p_summit: string | null;
					p_room: string | null;
					p_token_hash: Uint8Array | null;
				};
				Positional: [p_summit: string | null, p_room: string | null, p_token_hash: Uint8Array | null];
				Row: {
					read_room_screen: Json | null;
				};
				Returns: Json;
			};
			read_status: {
				Args: never;
				Positional: [];
				Row: {
					read_status: Json | null;
				};
				Returns: Json;
			};
			read_unsubscribe_link: {
				Args: {
					p_token_hash: string | null;
				};
				Positional: [p_token_hash: string | null];
				Row: {
					read_unsubscribe_link: Json | null;
				};
				Returns: Json;
			};
			read_wallet_pass: {
				Args: {
					p_badge: string | null;
				};
				Positional: [p_badge: string | null];
				Row: {
					badge_id: string | null;
					locale: string | null;
					changed_at: Date | null;
					content: Json | null;
				};
				Returns: {
					badge_id: string;
					locale: string;
					changed_at: Date;
					content: Json;
				}[];
			};
			read_work_mail: {
				Args: {
					p_mail: string | null;
				};
				Positional: [p_mail: string | null];
				Row: {
					read_work_mail: Json | null;
				};
				Returns: Json;
			};
			reconcile_connections: {
				Args: {
					p_name: string | null;
					p_connections: DriverJson | null;
					p_at?: Date | string | null;
				};
				Positional: [p_name: string | null, p_connections: DriverJson | null, p_at?: Date | string | null];
				Row: {
					reconcile_connections: undefined | null;
				};
				Returns: undefined;
			};
			reconcile_nightly: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					reconcile_nightly: string | null;
				};
				Returns: string[];
			};
			record_act: {
				Args: {
					p_session: string | null;
				};
				Positional: [p_session: string | null];
				Row: {
					record_act: undefined | null;
				};
				Returns: undefined;
			};
			record_alarm_call: {
				Args: {
					p_id: string | null;
					p_outcome: string | null;
				};
				Positional: [p_id: string | null, p_outcome: string | null];
				Row: {
					record_alarm_call: Date | null;
				};
				Returns: Date;
			};
			record_checkout: {
				Args: {
					p_checkout: string | null;
					p_session_id: string | null;
					p_payment_intent: string | null;
					p_url: string | null;
					p_expires_at: Date | string | null;
				};
				Positional: [
					p_checkout: string | null,
					p_session_id: string | null,
					p_payment_intent: string | null,
					p_url: string | null,
					p_expires_at: Date | string | null
				];
				Row: {
					record_checkout: Database['public']['Domains']['ok_or_not_found'] | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			record_faults: {
				Args: {
					p_faults: DriverJson | null;
				};
				Positional: [p_faults: DriverJson | null];
				Row: {
					record_faults: undefined | null;
				};
				Returns: undefined;
			};
			record_google_pass: {
				Args: {
					p_badge: string | null;
					p_outcome: string | null;
				};
				Positional: [p_badge: string | null, p_outcome: string | null];
				Row: {
					record_google_pass: undefined | null;
				};
				Returns: undefined;
			};
			record_part_minutes: {
				Args: {
					p_minutes: DriverJson | null;
				};
				Positional: [p_minutes: DriverJson | null];
				Row: {
					record_part_minutes: undefined | null;
				};
				Returns: undefined;
			};
			record_push_result: {
				Args: {
					p_id: string | null;
					p_outcome: string | null;
				};
				Positional: [p_id: string | null, p_outcome: string | null];
				Row: {
					record_push_result: Date | null;
				};
				Returns: Date;
			};
			record_refund: {
				Args: {
					p_refund: string | null;
					p_provider_ref: string | null;
					p_state: string | null;
					p_failure?: string | null;
				};
				Positional: [
					p_refund: string | null,
					p_provider_ref: string | null,
					p_state: string | null,
					p_failure?: string | null
				];
				Row: {
					record_refund: Database['private']['Domains']['refund_effect'] | null;
				};
				Returns: Database['private']['Domains']['refund_effect'];
			};
			record_requests: {
				Args: {
					p_hours: DriverJson | null;
				};
				Positional: [p_hours: DriverJson | null];
				Row: {
					record_requests: undefined | null;
				};
				Returns: undefined;
			};
			record_wallet_push: {
				Args: {
					p_badge: string | null;
					p_device: string | null;
					p_outcome: string | null;
				};
				Positional: [p_badge: string | null, p_device: string | null, p_outcome: string | null];
				Row: {
					record_wallet_push: undefined | null;
				};
				Returns: undefined;
			};
			record_webhook_attempt: {
				Args: {
					p_delivery: string | null;
					p_claim: string | null;
					p_status: number | null;
					p_fault: Database['public']['Enums']['webhook_fault'] | null;
					p_excerpt: string | null;
					p_took_ms: number | null;
				};
				Positional: [
					p_delivery: string | null,
					p_claim: string | null,
					p_status: number | null,
					p_fault: Database['public']['Enums']['webhook_fault'] | null,
					p_excerpt: string | null,
					p_took_ms: number | null
				];
				Row: {
					record_webhook_attempt: boolean | null;
				};
				Returns: boolean;
			};
			record_webhook_test: {
				Args: {
					p_delivery: string | null;
					p_status: number | null;
					p_fault: Database['public']['Enums']['webhook_fault'] | null;
					p_excerpt: string | null;
					p_took_ms: number | null;
				};
				Positional: [
					p_delivery: string | null,
					p_status: number | null,
					p_fault: Database['public']['Enums']['webhook_fault'] | null,
					p_excerpt: string | null,
					p_took_ms: number | null
				];
				Row: {
					record_webhook_test: undefined | null;
				};
				Returns: undefined;
			};
			recorder_view: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					recorder_view: Json | null;
				};
				Returns: Json;
			};
			refresh_wallet_passes: {
				Args: {
					p_badge?: string | null;
					p_limit?: number | null;
				};
				Positional: [p_badge?: string | null, p_limit?: number | null];
				Row: {
					refresh_wallet_passes: number | null;
				};
				Returns: number;
			};
			release_recorder: {
				Args: {
					p_recording: string | null;
					p_process: string | null;
				};
				Positional: [p_recording: string | null, p_process: string | null];
				Row: {
					release_recorder: undefined | null;
				};
				Returns: undefined;
			};
			release_webhook_endpoint: {
				Args: {
					p_endpoint: string | null;
					p_claim: string | null;
				};
				Positional: [p_endpoint: string | null, p_claim: string | null];
				Row: {
					release_webhook_endpoint: Date | null;
				};
				Returns: Date;
			};
			remind_invoices: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					remind_invoices: number | null;
				};
				Returns: number;
			};
			remove_wallet_device: {
				Args: {
					p_badge: string | null;
					p_device: string | null;
				};
				Positional: [p_badge: string | null, p_device: string | null];
				Row: {
					remove_wallet_device: undefined | null;
				};
				Returns: undefined;
			};
			rendered_slide: {
				Args: {
					p_hash: Uint8Array | null;
					p_version: string | null;
					p_page: number | null;
				};
				Positional: [p_hash: Uint8Array | null, p_version: string | null, p_page: number | null];
				Row: {
					rendered_slide: string | null;
				};
				Returns: string;
			};
			rendered_view: {
				Args: {
					p_hash: Uint8Array | null;
				};
				Positional: [p_hash: Uint8Array | null];
				Row: {
					rendered_view: Json | null;
				};
				Returns: Json;
			};
			replay_erasure: {
				Args: {
					p_id: string | null;
				};
				Positional: [p_id: string | null];
				Row: {
					replay_erasure: undefined | null;
				};
				Returns: undefined;
			};
			report_message: {
				Args: {
					p_person: string | null;
					p_message: string | null;
					p_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_source?: Uint8Array | null;
				};
				Positional: [
					p_person: string | null,
					p_message: string | null,
					p_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_source?: Uint8Array | null
				];
				Row: {
					report_message: Database['public']['Domains']['change_status'] | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			reported_message_text: {
				Args: {
					p_person: string | null;
					p_message: string | null;
				};
				Positional: [p_person: string | null, p_message: string | null];
				Row: {
					reported_message_text: string | null;
				};
				Returns: string;
			};
			request_address_change: {
				Args: {
					p_person: string | null;
					p_client_hash: Uint8Array | null;
					p_address_hash: Uint8Array | null;
					p_address_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_old_code_hash: Uint8Array | null;
					p_old_secret: Uint8Array | null;
					p_new_code_hash: Uint8Array | null;
					p_new_secret: Uint8Array | null;
					p_locale: string | null;
				};
				Positional: [
					p_person: string | null,
					p_client_hash: Uint8Array | null,
					p_address_hash: Uint8Array | null,
					p_address_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_old_code_hash: Uint8Array | null,
					p_old_secret: Uint8Array | null,
					p_new_code_hash: Uint8Array | null,
					p_new_secret: Uint8Array | null,
					p_locale: string | null
				];
				Row: {
					request_address_change: Database['private']['Domains']['address_request_status'] | null;
				};
				Returns: Database['private']['Domains']['address_request_status'];
			};
			request_sign_in_code: {
				Args: {
					p_address_hash: Uint8Array | null;
					p_client_hash: Uint8Array | null;
					p_replaces: string | null;
					p_address_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_locale: string | null;
					p_own_hash: Uint8Array | null;
					p_own_secret: Uint8Array | null;
					p_shared_hash: Uint8Array | null;
					p_shared_secret: Uint8Array | null;
				};
				Positional: [
					p_address_hash: Uint8Array | null,
					p_client_hash: Uint8Array | null,
					p_replaces: string | null,
					p_address_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_locale: string | null,
					p_own_hash: Uint8Array | null,
					p_own_secret: Uint8Array | null,
					p_shared_hash: Uint8Array | null,
					p_shared_secret: Uint8Array | null
				];
				Row: {
					status: string | null;
					challenge: string | null;
					retry_after: number | null;
				};
				Returns: {
					status: string;
					challenge: string;
					retry_after: number;
				};
			};
			revoke_stale_ingresses: {
				Args: {
					p_identities: readonly (string | null)[] | null;
					p_rooms: readonly (string | null)[] | null;
				};
				Positional: [p_identities: readonly (string | null)[] | null, p_rooms: readonly (string | null)[] | null];
				Row: {
					revoke_stale_ingresses: string | null;
				};
				Returns: string[];
			};
			room_rights: {
				Args: {
					p_name: string | null;
					p_identities: readonly (string | null)[] | null;
				};
				Positional: [p_name: string | null, p_identities: readonly (string | null)[] | null];
				Row: {
					room_rights: Json | null;
				};
				Returns: Json;
			};
			run_due_campaign: {
				Args: {
					p_campaign: string | null;
				};
				Positional: [p_campaign: string | null];
				Row: {
					run_due_campaign: number | null;
				};
				Returns: number;
			};
			run_room_pass: {
				Args: {
					p_person: string | null;
					p_run: string | null;
					p_auth_session?: string | null;
					p_camera?: boolean | null;
				};
				Positional: [
					p_person: string | null,
					p_run: string | null,
					p_auth_session?: string | null,
					p_camera?: boolean | null
				];
				Row: {
					run_room_pass: Json | null;
				};
				Returns: Json;
			};
			run_session_timers: {
				Args: never;
				Positional: [];
				Row: {
					run: string | null;
					wait_ms: number | null;
				};
				Returns: {
					run: string;
					wait_ms: number;
				}[];
			};
			run_staff_pass: {
				Args: {
					p_person: string | null;
					p_run: string | null;
					p_auth_session?: string | null;
				};
				Positional: [p_person: string | null, p_run: string | null, p_auth_session?: string | null];
				Row: {
					run_staff_pass: Json | null;
				};
				Returns: Json;
			};
			sample_people: {
				Args: never;
				Positional: [];
				Row: {
					person_id: string | null;
					display_name: string | null;
					description: string | null;
					address_sealed: Buffer | null;
					key_id: string | null;
				};
				Returns: {
					person_id: string;
					display_name: string;
					description: string;
					address_sealed: Buffer;
					key_id: string;
				}[];
			};
			save_auth_session_device: {
				Args: {
					p_session: string | null;
					p_account: string | null;
					p_device: string | null;
				};
				Positional: [p_session: string | null, p_account: string | null, p_device: string | null];
				Row: {
					save_auth_session_device: undefined | null;
				};
				Returns: undefined;
			};
			save_egress_state: {
				Args: {
					p_egress: string | null;
					p_state: string | null;
					p_started?: Date | string | null;
					p_length?: number | null;
				};
				Positional: [
					p_egress: string | null,
					p_state: string | null,
					p_started?: Date | string | null,
					p_length?: number | null
				];
				Row: {
					save_egress_state: boolean | null;
				};
				Returns: boolean;
			};
			save_hall_connection: {
				Args: {
					p_name: string | null;
					p_identity: string | null;
					p_sid: string | null;
					p_since: Date | string | null;
					p_sends?: readonly (string | null)[] | null;
				};
				Positional: [
					p_name: string | null,
					p_identity: string | null,
					p_sid: string | null,
					p_since: Date | string | null,
					p_sends?: readonly (string | null)[] | null
				];
				Row: {
					save_hall_connection: undefined | null;
				};
				Returns: undefined;
			};
			save_listener: {
				Args: {
					p_person: string | null;
					p_run: string | null;
					p_visit: string | null;
					p_language: string | null;
					p_is_reading: boolean | null;
					p_now?: Date | string | null;
					p_is_late?: boolean | null;
				};
				Positional: [
					p_person: string | null,
					p_run: string | null,
					p_visit: string | null,
					p_language: string | null,
					p_is_reading: boolean | null,
					p_now?: Date | string | null,
					p_is_late?: boolean | null
				];
				Row: {
					save_listener: Database['private']['Domains']['listener_status'] | null;
				};
				Returns: Database['private']['Domains']['listener_status'];
			};
			save_mail_bounce: {
				Args: {
					p_id: string | null;
					p_kind: string | null;
					p_code?: string | null;
				};
				Positional: [p_id: string | null, p_kind: string | null, p_code?: string | null];
				Row: {
					save_mail_bounce: Database['public']['Domains']['mail_bounce_status'] | null;
				};
				Returns: Database['public']['Domains']['mail_bounce_status'];
			};
			save_passkey_challenge: {
				Args: {
					p_challenge: Uint8Array | null;
					p_purpose: string | null;
					p_session: string | null;
				};
				Positional: [p_challenge: Uint8Array | null, p_purpose: string | null, p_session: string | null];
				Row: {
					save_passkey_challenge: undefined | null;
				};
				Returns: undefined;
			};
			save_recorder_sound: {
				Args: {
					p_hash: Uint8Array | null;
					p_is_lost: boolean | null;
					p_now?: Date | string | null;
				};
				Positional: [p_hash: Uint8Array | null, p_is_lost: boolean | null, p_now?: Date | string | null];
				Row: {
					save_recorder_sound: undefined | null;
				};
				Returns: undefined;
			};
			save_slide_pages: {
				Args: {
					p_run: string | null;
					p_version: string | null;
					p_pages: number | null;
				};
				Positional: [p_run: string | null, p_version: string | null, p_pages: number | null];
				Row: {
					save_slide_pages: undefined | null;
				};
				Returns: undefined;
			};
			save_wallet_pass: {
				Args: {
					p_badge: string | null;
					p_locale: string | null;
					p_google: boolean | null;
				};
				Positional: [p_badge: string | null, p_locale: string | null, p_google: boolean | null];
				Row: {
					save_wallet_pass: undefined | null;
				};
				Returns: undefined;
			};
			scan_badge: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_key_hash: Uint8Array | null;
					p_scan: DriverJson | null;
				};
				Positional: [
					p_person: string | null,
					p_summit: string | null,
					p_key_hash: Uint8Array | null,
					p_scan: DriverJson | null
				];
				Row: {
					scan_badge: Json | null;
				};
				Returns: Json;
			};
			scans_due: {
				Args: {
					p_has_scanner: boolean | null;
					p_now?: Date | string | null;
				};
				Positional: [p_has_scanner: boolean | null, p_now?: Date | string | null];
				Row: {
					scans_due: string | null;
				};
				Returns: string[];
			};
			sealed_file: {
				Args: {
					p_registration: string | null;
					p_field: string | null;
				};
				Positional: [p_registration: string | null, p_field: string | null];
				Row: {
					object_name: string | null;
					answer_sealed: string | null;
					file_key_sealed: string | null;
					key_id: string | null;
				};
				Returns: {
					object_name: string;
					answer_sealed: string;
					file_key_sealed: string;
					key_id: string;
				}[];
			};
			sealed_invitation: {
				Args: {
					p_id: string | null;
				};
				Positional: [p_id: string | null];
				Row: {
					address_sealed: Buffer | null;
					key_id: string | null;
					note_sealed: Buffer | null;
					locale: string | null;
				};
				Returns: {
					address_sealed: Buffer;
					key_id: string;
					note_sealed: Buffer;
					locale: string;
				}[];
			};
			send_calendars: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					send_calendars: number | null;
				};
				Returns: number;
			};
			send_commitment_mails: {
				Args: never;
				Positional: [];
				Row: {
					send_commitment_mails: number | null;
				};
				Returns: number;
			};
			send_digests: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					send_digests: number | null;
				};
				Returns: number;
			};
			send_survey_mails: {
				Args: never;
				Positional: [];
				Row: {
					send_survey_mails: number | null;
				};
				Returns: number;
			};
			sessions_of_runs: {
				Args: {
					p_runs: readonly (string | null)[] | null;
				};
				Positional: [p_runs: readonly (string | null)[] | null];
				Row: {
					run: string | null;
					session: string | null;
					summit: string | null;
				};
				Returns: {
					run: string;
					session: string;
					summit: string;
				}[];
			};
			set_backup_settings: {
				Args: {
					p_is_nightly: boolean | null;
					p_at: string | null;
					p_old_after: string | null;
					p_is_expected?: boolean | null;
				};
				Positional: [
					p_is_nightly: boolean | null,
					p_at: string | null,
					p_old_after: string | null,
					p_is_expected?: boolean | null
				];
				Row: {
					set_backup_settings: undefined | null;
				};
				Returns: undefined;
			};
			set_egress_id: {
				Args: {
					p_id: string | null;
					p_egress: string | null;
				};
				Positional: [p_id: string | null, p_egress: string | null];
				Row: {
					set_egress_id: undefined | null;
				};
				Returns: undefined;
			};
			set_large_audience_key: {
				Args: {
					p_run: string | null;
					p_hash: Uint8Array | null;
				};
				Positional: [p_run: string | null, p_hash: Uint8Array | null];
				Row: {
					set_large_audience_key: undefined | null;
				};
				Returns: undefined;
			};
			set_passkeys_required: {
				Args: {
					p_required: boolean | null;
				};
				Positional: [p_required: boolean | null];
				Row: {
					set_passkeys_required: undefined | null;
				};
				Returns: undefined;
			};
			set_recorder_key: {
				Args: {
					p_recording: string | null;
					p_hash: Uint8Array | null;
				};
				Positional: [p_recording: string | null, p_hash: Uint8Array | null];
				Row: {
					set_recorder_key: undefined | null;
				};
				Returns: undefined;
			};
			set_survey_keys: {
				Args: {
					p_collection: string | null;
					p_public: string | null;
					p_sealed: Uint8Array | null;
					p_key_id: string | null;
				};
				Positional: [
					p_collection: string | null,
					p_public: string | null,
					p_sealed: Uint8Array | null,
					p_key_id: string | null
				];
				Row: {
					set_survey_keys: string | null;
				};
				Returns: string;
			};
			settings_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					settings_event: Json | null;
				};
				Returns: Json;
			};
			sign_in_with_passkey: {
				Args: {
					p_challenge: Uint8Array | null;
					p_passkey: string | null;
					p_counter: number | string | null;
					p_is_backed_up: boolean | null;
				};
				Positional: [
					p_challenge: Uint8Array | null,
					p_passkey: string | null,
					p_counter: number | string | null,
					p_is_backed_up: boolean | null
				];
				Row: {
					status: Database['private']['Domains']['passkey_status'] | null;
					address_sealed: Buffer | null;
					key_id: string | null;
				};
				Returns: {
					status: Database['private']['Domains']['passkey_status'];
					address_sealed: Buffer;
					key_id: string;
				};
			};
			slide_object: {
				Args: {
					p_person: string | null;
					p_run: string | null;
					p_version: string | null;
					p_page: number | null;
				};
				Positional: [p_person: string | null, p_run: string | null, p_version: string | null, p_page: number | null];
				Row: {
					slide_object: string | null;
				};
				Returns: string;
			};
			slides_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					slides_event: Json | null;
				};
				Returns: Json;
			};
			stage_event: {
				Args: {
					p_run: string | null;
					p_id: string | null;
				};
				Positional: [p_run: string | null, p_id: string | null];
				Row: {
					stage_event: Json | null;
				};
				Returns: Json;
			};
			stage_pass: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_room: string | null;
					p_purpose?: string | null;
					p_session?: string | null;
					p_has_said?: boolean | null;
					p_auth_session?: string | null;
				};
				Positional: [
					p_person: string | null,
					p_summit: string | null,
					p_room: string | null,
					p_purpose?: string | null,
					p_session?: string | null,
					p_has_said?: boolean | null,
					p_auth_session?: string | null
				];
				Row: {
					stage_pass: Json | null;
				};
				Returns: Json;
			};
			start_large_audiences: {
				Args: never;
				Positional: [];
				Row: {
					id: string | null;
					run: string | null;
					object_key: string | null;
				};
				Returns: {
					id: string;
					run: string;
					object_key: string;
				}[];
			};
			submit_concern: {
				Args: {
					p_code_hash: Uint8Array | null;
					p_locale: string | null;
					p_taken_by: string | null;
					p_summit: string | null;
					p_session: string | null;
					p_run: string | null;
					p_reporter: string | null;
					p_subject: string | null;
					p_sealed: Uint8Array | null;
					p_key_id: string | null;
					p_source: Uint8Array | null;
					p_about_people: readonly (string | null)[] | null;
					p_about_lead: boolean | null;
				};
				Positional: [
					p_code_hash: Uint8Array | null,
					p_locale: string | null,
					p_taken_by: string | null,
					p_summit: string | null,
					p_session: string | null,
					p_run: string | null,
					p_reporter: string | null,
					p_subject: string | null,
					p_sealed: Uint8Array | null,
					p_key_id: string | null,
					p_source: Uint8Array | null,
					p_about_people: readonly (string | null)[] | null,
					p_about_lead: boolean | null
				];
				Row: {
					submit_concern: Database['private']['Domains']['concern_submission_status'] | null;
				};
				Returns: Database['private']['Domains']['concern_submission_status'];
			};
			summit_for_concerns: {
				Args: never;
				Positional: [];
				Row: {
					summit_for_concerns: string | null;
				};
				Returns: string;
			};
			survey_keys: {
				Args: {
					p_collection: string | null;
				};
				Positional: [p_collection: string | null];
				Row: {
					survey_keys: Json | null;
				};
				Returns: Json;
			};
			sweep_deadlines: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					sweep_deadlines: Json | null;
				};
				Returns: Json;
			};
			sweep_door: {
				Args: never;
				Positional: [];
				Row: {
					sweep_door: number | null;
				};
				Returns: number;
			};
			sweep_mail: {
				Args: {
					p_limit?: number | null;
				};
				Positional: [p_limit?: number | null];
				Row: {
					id: string | null;
					priority: number | null;
					run_at: Date | null;
				};
				Returns: {
					id: string;
					priority: number;
					run_at: Date;
				}[];
			};
			sweep_pushes: {
				Args: never;
				Positional: [];
				Row: {
					id: string | null;
				};
				Returns: string[];
			};
			sweep_retention: {
				Args: {
					p_from?: number | null;
					p_now?: Date | string | null;
					p_limit?: number | null;
				};
				Positional: [p_from?: number | null, p_now?: Date | string | null, p_limit?: number | null];
				Row: {
					sweep_retention: number | null;
				};
				Returns: number;
			};
			sync_door: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_key_hash: Uint8Array | null;
					p_said: DriverJson | null;
				};
				Positional: [
					p_person: string | null,
					p_summit: string | null,
					p_key_hash: Uint8Array | null,
					p_said: DriverJson | null
				];
				Row: {
					sync_door: Json | null;
				};
				Returns: Json;
			};
			take_webhook_test: {
				Args: {
					p_delivery: string | null;
				};
				Positional: [p_delivery: string | null];
				Row: {
					endpoint_id: string | null;
					event: string | null;
					kind: Database['public']['Enums']['webhook_kind'] | null;
					occurred_at: Date | null;
					data: Json | null;
					url: string | null;
					secret_sealed: Buffer | null;
					key_id: string | null;
					old_secret_sealed: Buffer | null;
					old_key_id: string | null;
				};
				Returns: {
					endpoint_id: string;
					event: string;
					kind: Database['public']['Enums']['webhook_kind'];
					occurred_at: Date;
					data: Json;
					url: string;
					secret_sealed: Buffer;
					key_id: string;
					old_secret_sealed: Buffer;
					old_key_id: string;
				}[];
			};
			today_event: {
				Args: {
					p_summit: string | null;
					p_id: string | null;
				};
				Positional: [p_summit: string | null, p_id: string | null];
				Row: {
					today_event: Json | null;
				};
				Returns: Json;
			};
			unknown_objects: {
				Args: {
					p_names: readonly (string | null)[] | null;
				};
				Positional: [p_names: readonly (string | null)[] | null];
				Row: {
					unknown_objects: string | null;
				};
				Returns: string[];
			};
			use_desk_code: {
				Args: {
					p_code_hash: Uint8Array | null;
					p_half_hash: Uint8Array | null;
					p_client_hash: Uint8Array | null;
				};
				Positional: [p_code_hash: Uint8Array | null, p_half_hash: Uint8Array | null, p_client_hash: Uint8Array | null];
				Row: {
					status: string | null;
					address_sealed: Buffer | null;
					key_id: string | null;
				};
				Returns: {
					status: string;
					address_sealed: Buffer;
					key_id: string;
				};
			};
			use_sign_in_state: {
				Args: {
					p_state_hash: Uint8Array | null;
				};
				Positional: [p_state_hash: Uint8Array | null];
				Row: {
					use_sign_in_state: boolean | null;
				};
				Returns: boolean;
			};
			visible_sessions: {
				Args: {
					p_person: string | null;
					p_summit: string | null;
					p_session?: string | null;
				};
				Positional: [p_person: string | null, p_summit: string | null, p_session?: string | null];
				Row: {
					visible_sessions: string | null;
				};
				Returns: string[];
			};
			watch_recordings: {
				Args: {
					p_now?: Date | string | null;
				};
				Positional: [p_now?: Date | string | null];
				Row: {
					watch_recordings: number | null;
				};
				Returns: number;
			};
		};
		Enums: { [_ in never]: never };
		Domains: {
			address_change_status: 'ok' | 'wrong' | 'invalidated' | 'expired' | 'taken';
			address_request_status: 'ok' | 'same' | 'limited';
			api_key_state: 'ok' | 'revoked' | 'expired' | 'not_entitled';
			assistant_invitation_status: 'ok' | 'own' | 'invalid' | 'limited';
			backup_fault:
				| 'killed'
				| 'too_long'
				| 'locked'
				| 'migrating'
				| 'database'
				| 'place'
				| 'place_taken'
				| 'no_space'
				| 'settings'
				| 'other';
			backup_outcome: 'running' | 'good' | 'failed';
			concern_submission_status: 'ok' | 'again' | 'sent';
			copy_owner: 'person' | 'registration' | 'order' | 'proposal' | 'account' | 'assistant';
			copy_section:
				| 'profile'
				| 'roles'
				| 'registration'
				| 'money'
				| 'agenda'
				| 'speaking'
				| 'participation'
				| 'attendance'
				| 'mail'
				| 'concerns';
			fault_origin: 'server' | 'browser';
			listener_status:
				| 'ok'
				| 'none'
				| 'not_seen'
				| 'barred'
				| 'sign_in'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			not_copied_reason: 'technical' | 'safety' | 'staff' | 'others';
			notice_severity: 'info' | 'maintenance' | 'minor' | 'major';
			notice_stage: 'investigating' | 'identified' | 'watching' | 'resolved';
			pass_device_status: 'created' | 'already' | 'not_found' | 'invalid';
			passkey_addition_status: 'ok' | 'expired' | 'not_allowed' | 'already' | 'limited';
			passkey_status: 'ok' | 'expired' | 'not_allowed' | 'copied';
			reading_kind: 'protection' | 'needs' | 'emergency_contact' | 'history' | 'answers' | 'host_list' | 'name';
			recording_chunk_status: 'ok' | 'already' | 'gap' | 'over';
			refund_effect: 'refund_sent' | 'refund_done' | 'refund_failed' | 'stale' | 'duplicate' | 'not_found';
			reporter_message_status: 'ok' | 'already' | 'unknown' | 'too_often' | 'full';
			retained_reason: 'numbers' | 'decisions' | 'safeguarding' | 'money' | 'agenda';
			retention_clock: 'closed' | 'written' | 'ended' | 'last_sign';
			retention_exemption: 'settings' | 'money' | 'numbers' | 'decisions' | 'agenda' | 'technical';
			sign_in_code_status: 'ok' | 'wrong' | 'invalidated' | 'expired' | 'used';
			site_part: 'site' | 'sign_in' | 'registration' | 'stages' | 'mail' | 'payments';
			status_change_status: 'ok' | 'not_allowed';
			status_update_status: 'ok' | 'already' | 'ended' | 'invalid' | 'not_allowed';
		};
		CompositeTypes: { [_ in never]: never };
	};
	public: {
		Tables: {
			account_codes: {
				Row: {
					code: string;
					kind: string;
					summit_id: string;
				};
				Insert: {
					code: string;
					kind: string;
					summit_id: string;
				};
				Update: {
					code?: string;
					kind?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'account_codes_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			account_people: {
				Row: {
					account_id: string;
					created_at: string;
					id: string;
					person_id: string;
					relation: Database['public']['Enums']['account_relation'];
					scope: string;
					until: string | null;
				};
				Insert: {
					account_id: string;
					created_at?: string;
					id?: string;
					person_id: string;
					relation: Database['public']['Enums']['account_relation'];
					scope?: string;
					until?: string | null;
				};
				Update: {
					account_id?: string;
					created_at?: string;
					id?: string;
					person_id?: string;
					relation?: Database['public']['Enums']['account_relation'];
					scope?: string;
					until?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'account_people_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					}
				];
			};
			accreditation_settings: {
				Row: {
					aim_days: number;
					checked_fields: string[];
					pauses_rights: boolean;
					second_person_decisions: string[];
					second_person_for: Database['public']['Enums']['registration_category'][];
					summit_id: string;
					updated_at: string;
				};
				Insert: {
					aim_days?: number;
					checked_fields?: string[];
					pauses_rights?: boolean;
					second_person_decisions?: string[];
					second_person_for?: Database['public']['Enums']['registration_category'][];
					summit_id: string;
					updated_at?: string;
				};
				Update: {
					aim_days?: number;
					checked_fields?: string[];
					pauses_rights?: boolean;
					second_person_decisions?: string[];
					second_person_for?: Database['public']['Enums']['registration_category'][];
					summit_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'accreditation_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			agenda_marks: {
				Row: {
					created_at: string;
					person_id: string;
					session_id: string;
				};
				Insert: {
					created_at?: string;
					person_id: string;
					session_id: string;
				};
				Update: {
					created_at?: string;
					person_id?: string;
					session_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'agenda_marks_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'agenda_marks_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					}
				];
			};
			allocation_exceptions: {
				Row: {
					ceiling: number;
					id: string;
					member_id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					reason: string;
					reserved_until: string | null;
					summit_id: string;
				};
				Insert: {
					ceiling: number;
					id?: string;
					member_id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					reason?: string;
					reserved_until?: string | null;
					summit_id: string;
				};
				Update: {
					ceiling?: number;
					id?: string;
					member_id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					reason?: string;
					reserved_until?: string | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'allocation_exceptions_summit_id_member_id_fkey';
						columns: ['summit_id', 'member_id'];
						isOneToOne: false;
						referencedRelation: 'summit_members';
						referencedColumns: ['summit_id', 'member_id'];
					}
				];
			};
			allocation_policies: {
				Row: {
					ceiling: number;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					sector: Database['public']['Enums']['sector'];
					summit_id: string;
				};
				Insert: {
					ceiling: number;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					sector: Database['public']['Enums']['sector'];
					summit_id: string;
				};
				Update: {
					ceiling?: number;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					sector?: Database['public']['Enums']['sector'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'allocation_policies_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			badge_prints: {
				Row: {
					badge_id: string;
					id: string;
					layout: string;
					printed_at: string;
					printed_by: string | null;
					registration_id: string;
					summit_id: string;
				};
				Insert: {
					badge_id: string;
					id?: string;
					layout: string;
					printed_at?: string;
					printed_by?: string | null;
					registration_id: string;
					summit_id: string;
				};
				Update: {
					badge_id?: string;
					id?: string;
					layout?: string;
					printed_at?: string;
					printed_by?: string | null;
					registration_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'badge_prints_badge_id_fkey';
						columns: ['badge_id'];
						isOneToOne: false;
						referencedRelation: 'badges';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'badge_prints_printed_by_fkey';
						columns: ['printed_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'badge_prints_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			badges: {
				Row: {
					badge_code: string;
					changed_at: string | null;
					id: string;
					issued_at: string;
					registration_id: string;
					revoked_at: string | null;
					revoked_reason: string | null;
					summit_id: string;
				};
				Insert: {
					badge_code?: string;
					changed_at?: string | null;
					id?: string;
					issued_at?: string;
					registration_id: string;
					revoked_at?: string | null;
					revoked_reason?: string | null;
					summit_id: string;
				};
				Update: {
					badge_code?: string;
					changed_at?: string | null;
					id?: string;
					issued_at?: string;
					registration_id?: string;
					revoked_at?: string | null;
					revoked_reason?: string | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'badges_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			certificate_settings: {
				Row: {
					basis: string;
					is_offered: boolean;
					issuer_name: string;
					signatory_name: string;
					signatory_office: string;
					statement: TextMap;
					summit_id: string;
					threshold: number;
					updated_at: string;
				};
				Insert: {
					basis?: string;
					is_offered?: boolean;
					issuer_name: string;
					signatory_name: string;
					signatory_office: string;
					statement?: TextMap;
					summit_id: string;
					threshold: number;
					updated_at?: string;
				};
				Update: {
					basis?: string;
					is_offered?: boolean;
					issuer_name?: string;
					signatory_name?: string;
					signatory_office?: string;
					statement?: TextMap;
					summit_id?: string;
					threshold?: number;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'certificate_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			check_limits: {
				Row: {
					building_minutes: number;
					day_minutes: number;
					daytime_from: string;
					daytime_until: string;
					floor_minutes: number;
					summit_id: string;
					track_limit: number;
					turn_minutes: number;
				};
				Insert: {
					building_minutes?: number;
					day_minutes?: number;
					daytime_from?: string;
					daytime_until?: string;
					floor_minutes?: number;
					summit_id: string;
					track_limit?: number;
					turn_minutes?: number;
				};
				Update: {
					building_minutes?: number;
					day_minutes?: number;
					daytime_from?: string;
					daytime_until?: string;
					floor_minutes?: number;
					summit_id?: string;
					track_limit?: number;
					turn_minutes?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'check_limits_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			check_settings: {
				Row: {
					code: string;
					severity: string;
					summit_id: string;
				};
				Insert: {
					code: string;
					severity: string;
					summit_id: string;
				};
				Update: {
					code?: string;
					severity?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'check_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			checkouts: {
				Row: {
					amount: number;
					created_at: string;
					currency: string;
					expires_at: string;
					id: string;
					order_id: string;
					payment_intent: string | null;
					session_id: string | null;
					state: Database['public']['Enums']['checkout_state'];
					url: string | null;
				};
				Insert: {
					amount: number;
					created_at?: string;
					currency: string;
					expires_at: string;
					id?: string;
					order_id: string;
					payment_intent?: string | null;
					session_id?: string | null;
					state?: Database['public']['Enums']['checkout_state'];
					url?: string | null;
				};
				Update: {
					amount?: number;
					created_at?: string;
					currency?: string;
					expires_at?: string;
					id?: string;
					order_id?: string;
					payment_intent?: string | null;
					session_id?: string | null;
					state?: Database['public']['Enums']['checkout_state'];
					url?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'checkouts_order_id_fkey';
						columns: ['order_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id'];
					}
				];
			};
			checkpoints: {
				Row: {
					both_ways: boolean;
					capacity: number | null;
					categories: Database['public']['Enums']['registration_category'][];
					closes_at: string | null;
					ended_at: string | null;
					id: string;
					kind: Database['public']['Enums']['checkpoint_kind'];
					name: Json | null;
					opens_at: string | null;
					place: string;
					position: number;
					room_id: string | null;
					session_id: string | null;
					summit_id: string;
				};
				Insert: {
					both_ways?: boolean;
					capacity?: number | null;
					categories?: Database['public']['Enums']['registration_category'][];
					closes_at?: string | null;
					ended_at?: string | null;
					id?: string;
					kind: Database['public']['Enums']['checkpoint_kind'];
					name?: Json | null;
					opens_at?: string | null;
					place?: never;
					position?: number;
					room_id?: string | null;
					session_id?: string | null;
					summit_id: string;
				};
				Update: {
					both_ways?: boolean;
					capacity?: number | null;
					categories?: Database['public']['Enums']['registration_category'][];
					closes_at?: string | null;
					ended_at?: string | null;
					id?: string;
					kind?: Database['public']['Enums']['checkpoint_kind'];
					name?: Json | null;
					opens_at?: string | null;
					place?: never;
					position?: number;
					room_id?: string | null;
					session_id?: string | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'checkpoints_room_id_summit_id_fkey';
						columns: ['room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'checkpoints_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'checkpoints_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			consent_items: {
				Row: {
					detail: TextMap;
					id: string;
					is_required: boolean;
					key: string;
					label: TextMap;
					position: number;
					summit_id: string;
				};
				Insert: {
					detail?: TextMap;
					id?: string;
					is_required?: boolean;
					key: string;
					label: TextMap;
					position?: number;
					summit_id: string;
				};
				Update: {
					detail?: TextMap;
					id?: string;
					is_required?: boolean;
					key?: string;
					label?: TextMap;
					position?: number;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'consent_items_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			consents: {
				Row: {
					agreed_detail: TextMap;
					agreed_label: TextMap;
					given_at: string | null;
					id: string;
					item_id: string;
					person_id: string;
					registration_id: string;
					withdrawn_at: string | null;
					withdrawn_by_guardian_at: string | null;
				};
				Insert: {
					agreed_detail?: TextMap;
					agreed_label?: TextMap;
					given_at?: string | null;
					id?: string;
					item_id: string;
					person_id: string;
					registration_id: string;
					withdrawn_at?: string | null;
					withdrawn_by_guardian_at?: string | null;
				};
				Update: {
					agreed_detail?: TextMap;
					agreed_label?: TextMap;
					given_at?: string | null;
					id?: string;
					item_id?: string;
					person_id?: string;
					registration_id?: string;
					withdrawn_at?: string | null;
					withdrawn_by_guardian_at?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'consents_item_id_fkey';
						columns: ['item_id'];
						isOneToOne: false;
						referencedRelation: 'consent_items';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'consents_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'consents_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					}
				];
			};
			delegation_places: {
				Row: {
					is_head: boolean;
					member_id: string;
					position: number;
					registration_id: string;
					summit_id: string;
				};
				Insert: {
					is_head?: boolean;
					member_id: string;
					position: number;
					registration_id: string;
					summit_id: string;
				};
				Update: {
					is_head?: boolean;
					member_id?: string;
					position?: number;
					registration_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'delegation_places_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: true;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'delegation_places_summit_id_member_id_fkey';
						columns: ['summit_id', 'member_id'];
						isOneToOne: false;
						referencedRelation: 'summit_members';
						referencedColumns: ['summit_id', 'member_id'];
					}
				];
			};
			fees: {
				Row: {
					amount: number;
					category: Database['public']['Enums']['registration_category'] | null;
					currency: string;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					sector: Database['public']['Enums']['sector'] | null;
					summit_id: string;
					valid_from: string | null;
					valid_until: string | null;
				};
				Insert: {
					amount: number;
					category?: Database['public']['Enums']['registration_category'] | null;
					currency: string;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					sector?: Database['public']['Enums']['sector'] | null;
					summit_id: string;
					valid_from?: string | null;
					valid_until?: string | null;
				};
				Update: {
					amount?: number;
					category?: Database['public']['Enums']['registration_category'] | null;
					currency?: string;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					sector?: Database['public']['Enums']['sector'] | null;
					summit_id?: string;
					valid_from?: string | null;
					valid_until?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'fees_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			figure_releases: {
				Row: {
					content: Json;
					id: string;
					number: number;
					released_at: string;
					summit_id: string;
				};
				Insert: {
					content: Json;
					id?: string;
					number: number;
					released_at?: string;
					summit_id: string;
				};
				Update: {
					content?: Json;
					id?: string;
					number?: number;
					released_at?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'figure_releases_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			figure_settings: {
				Row: {
					smallest_group: number;
					summit_id: string;
				};
				Insert: {
					smallest_group?: number;
					summit_id: string;
				};
				Update: {
					smallest_group?: number;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'figure_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			focal_points: {
				Row: {
					id: string;
					member_id: string;
					person_id: string;
					since: string;
					summit_id: string;
					until: string | null;
				};
				Insert: {
					id?: string;
					member_id: string;
					person_id: string;
					since?: string;
					summit_id: string;
					until?: string | null;
				};
				Update: {
					id?: string;
					member_id?: string;
					person_id?: string;
					since?: string;
					summit_id?: string;
					until?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'focal_points_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'focal_points_summit_id_member_id_fkey';
						columns: ['summit_id', 'member_id'];
						isOneToOne: false;
						referencedRelation: 'summit_members';
						referencedColumns: ['summit_id', 'member_id'];
					}
				];
			};
			formats: {
				Row: {
					id: string;
					minutes: number;
					name: TextMap;
					position: number;
					slug: string;
					summit_id: string;
				};
				Insert: {
					id?: string;
					minutes?: number;
					name: TextMap;
					position?: number;
					slug: string;
					summit_id: string;
				};
				Update: {
					id?: string;
					minutes?: number;
					name?: TextMap;
					position?: number;
					slug?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'formats_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			group_messages: {
				Row: {
					created_at: string;
					created_by: string | null;
					filters: Json;
					id: string;
					original: string;
					page: string | null;
					sent_at: string | null;
					sent_by: string | null;
					state: string;
					summit_id: string;
					texts: Json;
					total: number | null;
					version: number;
				};
				Insert: {
					created_at?: string;
					created_by?: string | null;
					filters?: Json;
					id?: string;
					original?: string;
					page?: string | null;
					sent_at?: string | null;
					sent_by?: string | null;
					state?: string;
					summit_id: string;
					texts: Json;
					total?: number | null;
					version?: number;
				};
				Update: {
					created_at?: string;
					created_by?: string | null;
					filters?: Json;
					id?: string;
					original?: string;
					page?: string | null;
					sent_at?: string | null;
					sent_by?: string | null;
					state?: string;
					summit_id?: string;
					texts?: Json;
					total?: number | null;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'group_messages_created_by_fkey';
						columns: ['created_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'group_messages_sent_by_fkey';
						columns: ['sent_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'group_messages_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			interpreter_languages: {
				Row: {
					person_id: string;
					source: string;
					summit_id: string;
					target: string;
				};
				Insert: {
					person_id: string;
					source: string;
					summit_id: string;
					target: string;
				};
				Update: {
					person_id?: string;
					source?: string;
					summit_id?: string;
					target?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'interpreter_languages_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'interpreter_languages_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			invoices: {
				Row: {
					amount: number;
					created_at: string;
					credited_invoice_id: string | null;
					currency: string;
					due_on: string | null;
					id: string;
					issued_by: string | null;
					issued_on: string;
					kind: Database['public']['Enums']['invoice_kind'];
					number: number;
					order_id: string;
					reference: string;
					summit_id: string;
					year: number;
				};
				Insert: {
					amount: number;
					created_at?: string;
					credited_invoice_id?: string | null;
					currency: string;
					due_on?: string | null;
					id?: string;
					issued_by?: string | null;
					issued_on: string;
					kind: Database['public']['Enums']['invoice_kind'];
					number: number;
					order_id: string;
					reference: string;
					summit_id: string;
					year: number;
				};
				Update: {
					amount?: number;
					created_at?: string;
					credited_invoice_id?: string | null;
					currency?: string;
					due_on?: string | null;
					id?: string;
					issued_by?: string | null;
					issued_on?: string;
					kind?: Database['public']['Enums']['invoice_kind'];
					number?: number;
					order_id?: string;
					reference?: string;
					summit_id?: string;
					year?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'invoices_credited_invoice_id_fkey';
						columns: ['credited_invoice_id'];
						isOneToOne: false;
						referencedRelation: 'invoices';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'invoices_issued_by_fkey';
						columns: ['issued_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'invoices_order_id_summit_id_fkey';
						columns: ['order_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			journal_periods: {
				Row: {
					closed_at: string;
					closed_by: string | null;
					entries: number;
					id: string;
					last_day: string;
					summit_id: string;
				};
				Insert: {
					closed_at?: string;
					closed_by?: string | null;
					entries: number;
					id?: string;
					last_day: string;
					summit_id: string;
				};
				Update: {
					closed_at?: string;
					closed_by?: string | null;
					entries?: number;
					id?: string;
					last_day?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'journal_periods_closed_by_fkey';
						columns: ['closed_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'journal_periods_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			logistics_fields: {
				Row: {
					categories: Database['public']['Enums']['registration_category'][];
					choices: Json;
					depends_on: string | null;
					depends_values: string[];
					erase_days: number;
					file_sort: string | null;
					for_host: boolean;
					form: string;
					help: TextMap;
					id: string;
					in_mail: boolean;
					is_identity: boolean;
					is_required: boolean;
					is_sealed: boolean;
					key: string;
					kind: string;
					label: TextMap;
					modes: Database['public']['Enums']['attendance_mode'][];
					need_values: string[];
					on_badge: boolean;
					position: number;
					purpose: TextMap;
					retired_at: string | null;
					sectors: Database['public']['Enums']['sector'][];
					summit_id: string;
					team: Database['public']['Enums']['organiser_role'] | null;
					version: number;
					visible_to: Database['public']['Enums']['organiser_role'][];
				};
				Insert: {
					categories?: Database['public']['Enums']['registration_category'][];
					choices?: Json;
					depends_on?: string | null;
					depends_values?: string[];
					erase_days?: number;
					file_sort?: string | null;
					for_host?: boolean;
					form?: string;
					help?: TextMap;
					id?: string;
					in_mail?: boolean;
					is_identity?: boolean;
					is_required?: boolean;
					is_sealed?: boolean;
					key: string;
					kind: string;
					label: TextMap;
					modes?: Database['public']['Enums']['attendance_mode'][];
					need_values?: string[];
					on_badge?: boolean;
					position?: number;
					purpose: TextMap;
					retired_at?: string | null;
					sectors?: Database['public']['Enums']['sector'][];
					summit_id: string;
					team?: Database['public']['Enums']['organiser_role'] | null;
					version?: number;
					visible_to?: Database['public']['Enums']['organiser_role'][];
				};
				Update: {
					categories?: Database['public']['Enums']['registration_category'][];
					choices?: Json;
					depends_on?: string | null;
					depends_values?: string[];
					erase_days?: number;
					file_sort?: string | null;
					for_host?: boolean;
					form?: string;
					help?: TextMap;
					id?: string;
					in_mail?: boolean;
					is_identity?: boolean;
					is_required?: boolean;
					is_sealed?: boolean;
					key?: string;
					kind?: string;
					label?: TextMap;
					modes?: Database['public']['Enums']['attendance_mode'][];
					need_values?: string[];
					on_badge?: boolean;
					position?: number;
					purpose?: TextMap;
					retired_at?: string | null;
					sectors?: Database['public']['Enums']['sector'][];
					summit_id?: string;
					team?: Database['public']['Enums']['organiser_role'] | null;
					version?: number;
					visible_to?: Database['public']['Enums']['organiser_role'][];
				};
				Relationships: [
					{
						foreignKeyName: 'logistics_fields_summit_id_depends_on_fkey';
						columns: ['summit_id', 'depends_on'];
						isOneToOne: false;
						referencedRelation: 'logistics_fields';
						referencedColumns: ['summit_id', 'key'];
					},
					{
						foreignKeyName: 'logistics_fields_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			mail_settings: {
				Row: {
					per_minute: number;
					summit_id: string;
				};
				Insert: {
					per_minute?: number;
					summit_id: string;
				};
				Update: {
					per_minute?: number;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'mail_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			mail_texts: {
				Row: {
					body: string | null;
					id: string;
					locale: string;
					saved_at: string;
					saved_by: string | null;
					subject: string | null;
					summit_id: string;
					template: string;
					version: number;
				};
				Insert: {
					body?: string | null;
					id?: string;
					locale: string;
					saved_at?: string;
					saved_by?: string | null;
					subject?: string | null;
					summit_id: string;
					template: string;
					version: number;
				};
				Update: {
					body?: string | null;
					id?: string;
					locale?: string;
					saved_at?: string;
					saved_by?: string | null;
					subject?: string | null;
					summit_id?: string;
					template?: string;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'mail_texts_saved_by_fkey';
						columns: ['saved_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'mail_texts_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			member_requests: {
				Row: {
					country: string | null;
					created_at: string;
					id: string;
					member_id: string | null;
					name: string;
					registration_id: string;
					sector: Database['public']['Enums']['sector'] | null;
					state: string;
					summit_id: string;
				};
				Insert: {
					country?: string | null;
					created_at?: string;
					id?: string;
					member_id?: string | null;
					name: string;
					registration_id: string;
					sector?: Database['public']['Enums']['sector'] | null;
					state?: string;
					summit_id: string;
				};
				Update: {
					country?: string | null;
					created_at?: string;
					id?: string;
					member_id?: string | null;
					name?: string;
					registration_id?: string;
					sector?: Database['public']['Enums']['sector'] | null;
					state?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'member_requests_member_id_fkey';
						columns: ['member_id'];
						isOneToOne: false;
						referencedRelation: 'members';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'member_requests_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: true;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'member_requests_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			members: {
				Row: {
					code: string;
					country: string | null;
					created_at: string;
					id: string;
					name: string;
					region: string;
					sector: Database['public']['Enums']['sector'];
					updated_at: string;
					website: string | null;
				};
				Insert: {
					code?: string;
					country?: string | null;
					created_at?: string;
					id?: string;
					name: string;
					region?: string;
					sector: Database['public']['Enums']['sector'];
					updated_at?: string;
					website?: string | null;
				};
				Update: {
					code?: string;
					country?: string | null;
					created_at?: string;
					id?: string;
					name?: string;
					region?: string;
					sector?: Database['public']['Enums']['sector'];
					updated_at?: string;
					website?: string | null;
				};
				Relationships: [];
			};
			merge_requests: {
				Row: {
					asked_at: string;
					asked_by: string | null;
					decided_at: string | null;
					decided_by: string | null;
					duplicate_id: string;
					id: string;
					keep_id: string;
					reason: string;
					state: string;
				};
				Insert: {
					asked_at?: string;
					asked_by?: string | null;
					decided_at?: string | null;
					decided_by?: string | null;
					duplicate_id: string;
					id?: string;
					keep_id: string;
					reason: string;
					state?: string;
				};
				Update: {
					asked_at?: string;
					asked_by?: string | null;
					decided_at?: string | null;
					decided_by?: string | null;
					duplicate_id?: string;
					id?: string;
					keep_id?: string;
					reason?: string;
					state?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'merge_requests_asked_by_fkey';
						columns: ['asked_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'merge_requests_decided_by_fkey';
						columns: ['decided_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'merge_requests_duplicate_id_fkey';
						columns: ['duplicate_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'merge_requests_keep_id_fkey';
						columns: ['keep_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					}
				];
			};
			mode_capacities: {
				Row: {
					capacity: number;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					summit_id: string;
				};
				Insert: {
					capacity: number;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					summit_id: string;
				};
				Update: {
					capacity?: number;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'mode_capacities_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			money_settings: {
				Row: {
					bank_name: string;
					bic: string;
					grace_days: number;
					has_no_fees: boolean;
					iban: string;
					invoice_note: string;
					invoice_prefix: string;
					issuer_address: string;
					issuer_country: string;
					issuer_name: string;
					issuer_registration: string;
					issuer_tax_number: string;
					issuer_vat_id: string;
					reverse_charge: boolean;
					summit_id: string;
					terms_days: number;
					transfer_allowed: boolean;
					vat: string;
				};
				Insert: {
					bank_name?: string;
					bic?: string;
					grace_days?: number;
					has_no_fees?: boolean;
					iban?: string;
					invoice_note?: string;
					invoice_prefix?: string;
					issuer_address?: string;
					issuer_country?: string;
					issuer_name?: string;
					issuer_registration?: string;
					issuer_tax_number?: string;
					issuer_vat_id?: string;
					reverse_charge?: boolean;
					summit_id: string;
					terms_days?: number;
					transfer_allowed?: boolean;
					vat?: string;
				};
				Update: {
					bank_name?: string;
					bic?: string;
					grace_days?: number;
					has_no_fees?: boolean;
					iban?: string;
					invoice_note?: string;
					invoice_prefix?: string;
					issuer_address?: string;
					issuer_country?: string;
					issuer_name?: string;
					issuer_registration?: string;
					issuer_tax_number?: string;
					issuer_vat_id?: string;
					reverse_charge?: boolean;
					summit_id?: string;
					terms_days?: number;
					transfer_allowed?: boolean;
					vat?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'money_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			nomination_refusals: {
				Row: {
					principal_id: string | null;
					reason: string;
					refused_at: string;
					refused_by: string | null;
					registration_id: string;
					summit_id: string;
				};
				Insert: {
					principal_id?: string | null;
					reason: string;
					refused_at?: string;
					refused_by?: string | null;
					registration_id: string;
					summit_id: string;
				};
				Update: {
					principal_id?: string | null;
					reason?: string;
					refused_at?: string;
					refused_by?: string | null;
					registration_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'nomination_refusals_principal_id_fkey';
						columns: ['principal_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'nomination_refusals_refused_by_fkey';
						columns: ['refused_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'nomination_refusals_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: true;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'nomination_refusals_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			order_adjustments: {
				Row: {
					actor_id: string | null;
					amount: number;
					at: string;
					booked_on: string | null;
					id: number;
					kind: Database['public']['Enums']['adjustment_kind'];
					order_id: string;
					provider: string | null;
					provider_ref: string | null;
					reason: string;
					registration_id: string | null;
				};
				Insert: {
					actor_id?: string | null;
					amount: number;
					at?: string;
					booked_on?: string | null;
					id?: never;
					kind: Database['public']['Enums']['adjustment_kind'];
					order_id: string;
					provider?: string | null;
					provider_ref?: string | null;
					reason?: string;
					registration_id?: string | null;
				};
				Update: {
					actor_id?: string | null;
					amount?: number;
					at?: string;
					booked_on?: string | null;
					id?: never;
					kind?: Database['public']['Enums']['adjustment_kind'];
					order_id?: string;
					provider?: string | null;
					provider_ref?: string | null;
					reason?: string;
					registration_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'order_adjustments_actor_id_fkey';
						columns: ['actor_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'order_adjustments_order_id_fkey';
						columns: ['order_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'order_adjustments_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					}
				];
			};
			order_lines: {
				Row: {
					amount: number;
					created_at: string;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					order_id: string;
					priced_at: string;
					registration_id: string;
					summit_id: string;
					vat_rate_id: string | null;
				};
				Insert: {
					amount: number;
					created_at?: string;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					order_id: string;
					priced_at?: string;
					registration_id: string;
					summit_id: string;
					vat_rate_id?: string | null;
				};
				Update: {
					amount?: number;
					created_at?: string;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					order_id?: string;
					priced_at?: string;
					registration_id?: string;
					summit_id?: string;
					vat_rate_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'order_lines_order_id_summit_id_fkey';
						columns: ['order_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'order_lines_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'order_lines_vat_rate_id_fkey';
						columns: ['vat_rate_id'];
						isOneToOne: false;
						referencedRelation: 'vat_rates';
						referencedColumns: ['id'];
					}
				];
			};
			orders: {
				Row: {
					closed_at: string | null;
					created_at: string;
					currency: string;
					due_at: string;
					id: string;
					payer_member_id: string | null;
					payer_person_id: string | null;
					reference: string;
					summit_id: string;
				};
				Insert: {
					closed_at?: string | null;
					created_at?: string;
					currency: string;
					due_at: string;
					id?: string;
					payer_member_id?: string | null;
					payer_person_id?: string | null;
					reference?: string;
					summit_id: string;
				};
				Update: {
					closed_at?: string | null;
					created_at?: string;
					currency?: string;
					due_at?: string;
					id?: string;
					payer_member_id?: string | null;
					payer_person_id?: string | null;
					reference?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'orders_payer_member_id_fkey';
						columns: ['payer_member_id'];
						isOneToOne: false;
						referencedRelation: 'members';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'orders_payer_person_id_fkey';
						columns: ['payer_person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'orders_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			people: {
				Row: {
					affiliation: string;
					biography: TextMap;
					code: string;
					country: string | null;
					created_at: string;
					display_name: string;
					id: string;
					links: Json;
					office: string;
					portrait_path: string | null;
					updated_at: string;
				};
				Insert: {
					affiliation?: string;
					biography?: TextMap;
					code?: string;
					country?: string | null;
					created_at?: string;
					display_name?: string;
					id?: string;
					links?: Json;
					office?: string;
					portrait_path?: string | null;
					updated_at?: string;
				};
				Update: {
					affiliation?: string;
					biography?: TextMap;
					code?: string;
					country?: string | null;
					created_at?: string;
					display_name?: string;
					id?: string;
					links?: Json;
					office?: string;
					portrait_path?: string | null;
					updated_at?: string;
				};
				Relationships: [];
			};
			person_availabilities: {
				Row: {
					during: string;
					person_id: string;
					summit_id: string;
					zone: string | null;
				};
				Insert: {
					during?: string;
					person_id: string;
					summit_id: string;
					zone?: string | null;
				};
				Update: {
					during?: string;
					person_id?: string;
					summit_id?: string;
					zone?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'person_availabilities_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'person_availabilities_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			person_preferences: {
				Row: {
					agenda_changes: string;
					calendar_invitations: string;
					locale: string | null;
					no_photographs: boolean;
					person_id: string;
					time_zone: string | null;
					updated_at: string;
				};
				Insert: {
					agenda_changes?: string;
					calendar_invitations?: string;
					locale?: string | null;
					no_photographs?: boolean;
					person_id: string;
					time_zone?: string | null;
					updated_at?: string;
				};
				Update: {
					agenda_changes?: string;
					calendar_invitations?: string;
					locale?: string | null;
					no_photographs?: boolean;
					person_id?: string;
					time_zone?: string | null;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'person_preferences_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: true;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					}
				];
			};
			pools: {
				Row: {
					category: Database['public']['Enums']['registration_category'];
					id: string;
					in_person_ceiling: number;
					name: string;
					outside_capacity: boolean;
					summit_id: string;
					virtual_ceiling: number;
				};
				Insert: {
					category: Database['public']['Enums']['registration_category'];
					id?: string;
					in_person_ceiling?: number;
					name: string;
					outside_capacity?: boolean;
					summit_id: string;
					virtual_ceiling?: number;
				};
				Update: {
					category?: Database['public']['Enums']['registration_category'];
					id?: string;
					in_person_ceiling?: number;
					name?: string;
					outside_capacity?: boolean;
					summit_id?: string;
					virtual_ceiling?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'pools_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			presence: {
				Row: {
					checkpoint: string;
					entered_at: string;
					id: string;
					kind: Database['public']['Enums']['presence_kind'];
					left_at: string | null;
					person_id: string;
					run_id: string | null;
					session_id: string | null;
					source: string;
					summit_id: string;
				};
				Insert: {
					checkpoint?: string;
					entered_at?: string;
					id?: string;
					kind: Database['public']['Enums']['presence_kind'];
					left_at?: string | null;
					person_id: string;
					run_id?: string | null;
					session_id?: string | null;
					source?: string;
					summit_id: string;
				};
				Update: {
					checkpoint?: string;
					entered_at?: string;
					id?: string;
					kind?: Database['public']['Enums']['presence_kind'];
					left_at?: string | null;
					person_id?: string;
					run_id?: string | null;
					session_id?: string | null;
					source?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'presence_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'presence_run_id_fkey';
						columns: ['run_id'];
						isOneToOne: false;
						referencedRelation: 'runs';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'presence_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'presence_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			queue_entries: {
				Row: {
					closed_at: string | null;
					created_at: string;
					deadline: string | null;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					offered_at: string | null;
					rank: number;
					reason: Database['public']['Enums']['queue_reason'];
					registration_id: string;
					seat_id: string | null;
					state: Database['public']['Enums']['queue_state'];
					summit_id: string;
				};
				Insert: {
					closed_at?: string | null;
					created_at?: string;
					deadline?: string | null;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					offered_at?: string | null;
					rank: number;
					reason: Database['public']['Enums']['queue_reason'];
					registration_id: string;
					seat_id?: string | null;
					state?: Database['public']['Enums']['queue_state'];
					summit_id: string;
				};
				Update: {
					closed_at?: string | null;
					created_at?: string;
					deadline?: string | null;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					offered_at?: string | null;
					rank?: number;
					reason?: Database['public']['Enums']['queue_reason'];
					registration_id?: string;
					seat_id?: string | null;
					state?: Database['public']['Enums']['queue_state'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'queue_entries_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'queue_entries_seat_id_fkey';
						columns: ['seat_id'];
						isOneToOne: false;
						referencedRelation: 'seats';
						referencedColumns: ['id'];
					}
				];
			};
			refunds: {
				Row: {
					amount: number;
					attempts: number;
					checkout_id: string | null;
					created_at: string;
					failed_refs: string[];
					failure: string | null;
					id: string;
					order_id: string;
					provider_ref: string | null;
					reason: string;
					state: Database['public']['Enums']['refund_state'];
				};
				Insert: {
					amount: number;
					attempts?: number;
					checkout_id?: string | null;
					created_at?: string;
					failed_refs?: string[];
					failure?: string | null;
					id?: string;
					order_id: string;
					provider_ref?: string | null;
					reason?: string;
					state?: Database['public']['Enums']['refund_state'];
				};
				Update: {
					amount?: number;
					attempts?: number;
					checkout_id?: string | null;
					created_at?: string;
					failed_refs?: string[];
					failure?: string | null;
					id?: string;
					order_id?: string;
					provider_ref?: string | null;
					reason?: string;
					state?: Database['public']['Enums']['refund_state'];
				};
				Relationships: [
					{
						foreignKeyName: 'refunds_checkout_id_fkey';
						columns: ['checkout_id'];
						isOneToOne: false;
						referencedRelation: 'checkouts';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'refunds_order_id_fkey';
						columns: ['order_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id'];
					}
				];
			};
			registration_needs: {
				Row: {
					access_needs: string;
					note: string;
					person_id: string;
					registration_id: string;
					updated_at: string;
				};
				Insert: {
					access_needs?: string;
					note?: string;
					person_id: string;
					registration_id: string;
					updated_at?: string;
				};
				Update: {
					access_needs?: string;
					note?: string;
					person_id?: string;
					registration_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'registration_needs_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registration_needs_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: true;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					}
				];
			};
			registration_steps: {
				Row: {
					actor_id: string | null;
					at: string;
					category: Database['public']['Enums']['registration_category'] | null;
					from_state: Database['public']['Enums']['registration_state'] | null;
					id: number;
					mode: Database['public']['Enums']['attendance_mode'];
					principal_id: string | null;
					reason: string;
					registration_id: string;
					to_state: Database['public']['Enums']['registration_state'];
				};
				Insert: {
					actor_id?: string | null;
					at?: string;
					category?: Database['public']['Enums']['registration_category'] | null;
					from_state?: Database['public']['Enums']['registration_state'] | null;
					id?: never;
					mode: Database['public']['Enums']['attendance_mode'];
					principal_id?: string | null;
					reason?: string;
					registration_id: string;
					to_state: Database['public']['Enums']['registration_state'];
				};
				Update: {
					actor_id?: string | null;
					at?: string;
					category?: Database['public']['Enums']['registration_category'] | null;
					from_state?: Database['public']['Enums']['registration_state'] | null;
					id?: never;
					mode?: Database['public']['Enums']['attendance_mode'];
					principal_id?: string | null;
					reason?: string;
					registration_id?: string;
					to_state?: Database['public']['Enums']['registration_state'];
				};
				Relationships: [
					{
						foreignKeyName: 'registration_steps_actor_id_fkey';
						columns: ['actor_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registration_steps_principal_id_fkey';
						columns: ['principal_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registration_steps_registration_id_fkey';
						columns: ['registration_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					}
				];
			};
			registrations: {
				Row: {
					category: Database['public']['Enums']['registration_category'];
					code_of_conduct_at: string | null;
					created_at: string;
					form_step: number;
					guardian_consent_at: string | null;
					guardian_id: string | null;
					id: string;
					is_minor: boolean;
					languages: string[];
					member_id: string | null;
					mode: Database['public']['Enums']['attendance_mode'];
					person_id: string;
					pool_id: string | null;
					reference: string;
					state: Database['public']['Enums']['registration_state'];
					state_since: string;
					submitted_at: string | null;
					summit_id: string;
					updated_at: string;
					version: number;
				};
				Insert: {
					category?: Database['public']['Enums']['registration_category'];
					code_of_conduct_at?: string | null;
					created_at?: string;
					form_step?: number;
					guardian_consent_at?: string | null;
					guardian_id?: string | null;
					id?: string;
					is_minor?: boolean;
					languages?: string[];
					member_id?: string | null;
					mode?: Database['public']['Enums']['attendance_mode'];
					person_id: string;
					pool_id?: string | null;
					reference?: string;
					state?: Database['public']['Enums']['registration_state'];
					state_since?: string;
					submitted_at?: string | null;
					summit_id: string;
					updated_at?: string;
					version?: number;
				};
				Update: {
					category?: Database['public']['Enums']['registration_category'];
					code_of_conduct_at?: string | null;
					created_at?: string;
					form_step?: number;
					guardian_consent_at?: string | null;
					guardian_id?: string | null;
					id?: string;
					is_minor?: boolean;
					languages?: string[];
					member_id?: string | null;
					mode?: Database['public']['Enums']['attendance_mode'];
					person_id?: string;
					pool_id?: string | null;
					reference?: string;
					state?: Database['public']['Enums']['registration_state'];
					state_since?: string;
					submitted_at?: string | null;
					summit_id?: string;
					updated_at?: string;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'registrations_guardian_id_fkey';
						columns: ['guardian_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registrations_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registrations_pool_id_summit_id_fkey';
						columns: ['pool_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'pools';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'registrations_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'registrations_summit_id_member_id_fkey';
						columns: ['summit_id', 'member_id'];
						isOneToOne: false;
						referencedRelation: 'summit_members';
						referencedColumns: ['summit_id', 'member_id'];
					}
				];
			};
			release_people: {
				Row: {
					person_id: string;
					position: number;
					release_id: string;
					role: Database['public']['Enums']['session_role'];
					session_id: string;
				};
				Insert: {
					person_id: string;
					position: number;
					release_id: string;
					role: Database['public']['Enums']['session_role'];
					session_id: string;
				};
				Update: {
					person_id?: string;
					position?: number;
					release_id?: string;
					role?: Database['public']['Enums']['session_role'];
					session_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'release_people_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'release_people_release_id_session_id_fkey';
						columns: ['release_id', 'session_id'];
						isOneToOne: false;
						referencedRelation: 'release_sessions';
						referencedColumns: ['release_id', 'session_id'];
					}
				];
			};
			release_sessions: {
				Row: {
					abstract: TextMap;
					attendance: Database['public']['Enums']['session_attendance'];
					audience: Database['public']['Enums']['session_audience'];
					content_note: TextMap;
					format: TextMap;
					format_slug: string | null;
					interpreted: string[];
					is_break: boolean;
					is_cancelled: boolean;
					is_recorded: boolean;
					level: Database['public']['Enums']['confidentiality'];
					links: Json;
					release_id: string;
					session_id: string;
					spoken: string[];
					summit_id: string;
					title: TextMap;
					track: TextMap;
					track_slug: string | null;
				};
				Insert: {
					abstract: TextMap;
					attendance: Database['public']['Enums']['session_attendance'];
					audience: Database['public']['Enums']['session_audience'];
					content_note: TextMap;
					format: TextMap;
					format_slug?: string | null;
					interpreted: string[];
					is_break: boolean;
					is_cancelled?: boolean;
					is_recorded: boolean;
					level: Database['public']['Enums']['confidentiality'];
					links?: Json;
					release_id: string;
					session_id: string;
					spoken: string[];
					summit_id: string;
					title: TextMap;
					track: TextMap;
					track_slug?: string | null;
				};
				Update: {
					abstract?: TextMap;
					attendance?: Database['public']['Enums']['session_attendance'];
					audience?: Database['public']['Enums']['session_audience'];
					content_note?: TextMap;
					format?: TextMap;
					format_slug?: string | null;
					interpreted?: string[];
					is_break?: boolean;
					is_cancelled?: boolean;
					is_recorded?: boolean;
					level?: Database['public']['Enums']['confidentiality'];
					links?: Json;
					release_id?: string;
					session_id?: string;
					spoken?: string[];
					summit_id?: string;
					title?: TextMap;
					track?: TextMap;
					track_slug?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'release_sessions_release_id_summit_id_fkey';
						columns: ['release_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'releases';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'release_sessions_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			release_slots: {
				Row: {
					during: string;
					is_cancelled: boolean;
					release_id: string;
					room_id: string;
					session_id: string;
					slot_id: string;
					summit_id: string;
				};
				Insert: {
					during: string;
					is_cancelled?: boolean;
					release_id: string;
					room_id: string;
					session_id: string;
					slot_id: string;
					summit_id: string;
				};
				Update: {
					during?: string;
					is_cancelled?: boolean;
					release_id?: string;
					room_id?: string;
					session_id?: string;
					slot_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'release_slots_release_id_session_id_fkey';
						columns: ['release_id', 'session_id'];
						isOneToOne: false;
						referencedRelation: 'release_sessions';
						referencedColumns: ['release_id', 'session_id'];
					},
					{
						foreignKeyName: 'release_slots_room_id_summit_id_fkey';
						columns: ['room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			releases: {
				Row: {
					id: string;
					is_live_change: boolean;
					note: TextMap;
					number: number;
					released_at: string;
					released_by: string | null;
					summit_id: string;
				};
				Insert: {
					id?: string;
					is_live_change?: boolean;
					note?: TextMap;
					number: number;
					released_at?: string;
					released_by?: string | null;
					summit_id: string;
				};
				Update: {
					id?: string;
					is_live_change?: boolean;
					note?: TextMap;
					number?: number;
					released_at?: string;
					released_by?: string | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'releases_released_by_fkey';
						columns: ['released_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'releases_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			role_grants: {
				Row: {
					ended_at: string | null;
					ended_by: string | null;
					granted_at: string;
					granted_by: string | null;
					id: string;
					person_id: string;
					proposal_id: string | null;
					role: Database['public']['Enums']['organiser_role'];
					summit_id: string | null;
					until: string | null;
				};
				Insert: {
					ended_at?: string | null;
					ended_by?: string | null;
					granted_at?: string;
					granted_by?: string | null;
					id?: string;
					person_id: string;
					proposal_id?: string | null;
					role: Database['public']['Enums']['organiser_role'];
					summit_id?: string | null;
					until?: string | null;
				};
				Update: {
					ended_at?: string | null;
					ended_by?: string | null;
					granted_at?: string;
					granted_by?: string | null;
					id?: string;
					person_id?: string;
					proposal_id?: string | null;
					role?: Database['public']['Enums']['organiser_role'];
					summit_id?: string | null;
					until?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'role_grants_ended_by_fkey';
						columns: ['ended_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'role_grants_granted_by_fkey';
						columns: ['granted_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'role_grants_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'role_grants_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			room_equipment: {
				Row: {
					building: string;
					equipment: string[];
					floor: string;
					has_hearing_loop: boolean;
					is_open: boolean;
					is_step_free: boolean;
					is_streamed: boolean;
					room_id: string;
					summit_id: string;
				};
				Insert: {
					building?: string;
					equipment?: string[];
					floor?: string;
					has_hearing_loop?: boolean;
					is_open?: boolean;
					is_step_free?: boolean;
					is_streamed?: boolean;
					room_id: string;
					summit_id: string;
				};
				Update: {
					building?: string;
					equipment?: string[];
					floor?: string;
					has_hearing_loop?: boolean;
					is_open?: boolean;
					is_step_free?: boolean;
					is_streamed?: boolean;
					room_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'room_equipment_room_id_summit_id_fkey';
						columns: ['room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			rooms: {
				Row: {
					capacity: number | null;
					directions: TextMap;
					hours: TextMap;
					id: string;
					is_quiet_room: boolean;
					kind: Database['public']['Enums']['room_kind'];
					name: TextMap;
					position: number;
					slug: string;
					summit_id: string;
				};
				Insert: {
					capacity?: number | null;
					directions?: TextMap;
					hours?: TextMap;
					id?: string;
					is_quiet_room?: boolean;
					kind?: Database['public']['Enums']['room_kind'];
					name: TextMap;
					position?: number;
					slug: string;
					summit_id: string;
				};
				Update: {
					capacity?: number | null;
					directions?: TextMap;
					hours?: TextMap;
					id?: string;
					is_quiet_room?: boolean;
					kind?: Database['public']['Enums']['room_kind'];
					name?: TextMap;
					position?: number;
					slug?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'rooms_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			runs: {
				Row: {
					created_at: string;
					ended_at: string | null;
					id: string;
					level: Database['public']['Enums']['confidentiality'];
					room_id: string;
					session_id: string;
					stage_format: Database['public']['Enums']['stage_format'];
					started_at: string | null;
					state: Database['public']['Enums']['run_state'];
					summit_id: string;
				};
				Insert: {
					created_at?: string;
					ended_at?: string | null;
					id?: string;
					level: Database['public']['Enums']['confidentiality'];
					room_id: string;
					session_id: string;
					stage_format?: Database['public']['Enums']['stage_format'];
					started_at?: string | null;
					state?: Database['public']['Enums']['run_state'];
					summit_id: string;
				};
				Update: {
					created_at?: string;
					ended_at?: string | null;
					id?: string;
					level?: Database['public']['Enums']['confidentiality'];
					room_id?: string;
					session_id?: string;
					stage_format?: Database['public']['Enums']['stage_format'];
					started_at?: string | null;
					state?: Database['public']['Enums']['run_state'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'runs_room_id_summit_id_fkey';
						columns: ['room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'runs_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			seat_ceilings: {
				Row: {
					ceiling: number;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'];
					region: string | null;
					sector: Database['public']['Enums']['sector'] | null;
					summit_id: string;
				};
				Insert: {
					ceiling: number;
					id?: string;
					mode: Database['public']['Enums']['attendance_mode'];
					region?: string | null;
					sector?: Database['public']['Enums']['sector'] | null;
					summit_id: string;
				};
				Update: {
					ceiling?: number;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'];
					region?: string | null;
					sector?: Database['public']['Enums']['sector'] | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'seat_ceilings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			seats: {
				Row: {
					created_at: string;
					held_until: string | null;
					id: string;
					member_id: string | null;
					mode: Database['public']['Enums']['attendance_mode'];
					pool_id: string | null;
					registration_id: string;
					release_reason: string | null;
					released_at: string | null;
					state: Database['public']['Enums']['seat_state'];
					summit_id: string;
					transferred_from_id: string | null;
				};
				Insert: {
					created_at?: string;
					held_until?: string | null;
					id?: string;
					member_id?: string | null;
					mode: Database['public']['Enums']['attendance_mode'];
					pool_id?: string | null;
					registration_id: string;
					release_reason?: string | null;
					released_at?: string | null;
					state: Database['public']['Enums']['seat_state'];
					summit_id: string;
					transferred_from_id?: string | null;
				};
				Update: {
					created_at?: string;
					held_until?: string | null;
					id?: string;
					member_id?: string | null;
					mode?: Database['public']['Enums']['attendance_mode'];
					pool_id?: string | null;
					registration_id?: string;
					release_reason?: string | null;
					released_at?: string | null;
					state?: Database['public']['Enums']['seat_state'];
					summit_id?: string;
					transferred_from_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'seats_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'seats_transferred_from_id_fkey';
						columns: ['transferred_from_id'];
						isOneToOne: true;
						referencedRelation: 'seats';
						referencedColumns: ['id'];
					}
				];
			};
			session_audiences: {
				Row: {
					category: Database['public']['Enums']['registration_category'] | null;
					id: string;
					member_id: string | null;
					person_id: string | null;
					sector: Database['public']['Enums']['sector'] | null;
					session_id: string;
					summit_id: string;
				};
				Insert: {
					category?: Database['public']['Enums']['registration_category'] | null;
					id?: string;
					member_id?: string | null;
					person_id?: string | null;
					sector?: Database['public']['Enums']['sector'] | null;
					session_id: string;
					summit_id: string;
				};
				Update: {
					category?: Database['public']['Enums']['registration_category'] | null;
					id?: string;
					member_id?: string | null;
					person_id?: string | null;
					sector?: Database['public']['Enums']['sector'] | null;
					session_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'session_audiences_member_id_fkey';
						columns: ['member_id'];
						isOneToOne: false;
						referencedRelation: 'members';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'session_audiences_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'session_audiences_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			session_needs: {
				Row: {
					equipment: string[];
					expected: number | null;
					needs_hearing_loop: boolean;
					needs_step_free: boolean;
					session_id: string;
					summit_id: string;
				};
				Insert: {
					equipment?: string[];
					expected?: number | null;
					needs_hearing_loop?: boolean;
					needs_step_free?: boolean;
					session_id: string;
					summit_id: string;
				};
				Update: {
					equipment?: string[];
					expected?: number | null;
					needs_hearing_loop?: boolean;
					needs_step_free?: boolean;
					session_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'session_needs_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			session_people: {
				Row: {
					consent_live: boolean;
					consent_photo: boolean;
					consent_publish: boolean;
					consent_record: boolean;
					consents_answered_at: string | null;
					id: string;
					person_id: string;
					position: number;
					role: Database['public']['Enums']['session_role'];
					session_id: string;
					state: Database['public']['Enums']['participation_state'];
					summit_id: string;
				};
				Insert: {
					consent_live?: boolean;
					consent_photo?: boolean;
					consent_publish?: boolean;
					consent_record?: boolean;
					consents_answered_at?: string | null;
					id?: string;
					person_id: string;
					position?: number;
					role: Database['public']['Enums']['session_role'];
					session_id: string;
					state?: Database['public']['Enums']['participation_state'];
					summit_id: string;
				};
				Update: {
					consent_live?: boolean;
					consent_photo?: boolean;
					consent_publish?: boolean;
					consent_record?: boolean;
					consents_answered_at?: string | null;
					id?: string;
					person_id?: string;
					position?: number;
					role?: Database['public']['Enums']['session_role'];
					session_id?: string;
					state?: Database['public']['Enums']['participation_state'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'session_people_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'session_people_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			sessions: {
				Row: {
					abstract: TextMap;
					attendance: Database['public']['Enums']['session_attendance'];
					audience: Database['public']['Enums']['session_audience'];
					code: string;
					content_note: TextMap;
					created_at: string;
					format_id: string | null;
					id: string;
					interpreted: string[];
					is_break: boolean;
					is_recorded: boolean;
					level: Database['public']['Enums']['confidentiality'];
					links: Json;
					spoken: string[];
					stage_format: Database['public']['Enums']['stage_format'];
					state: Database['public']['Enums']['session_state'];
					summit_id: string;
					title: TextMap;
					track_id: string | null;
					updated_at: string;
					version: number;
				};
				Insert: {
					abstract?: TextMap;
					attendance?: Database['public']['Enums']['session_attendance'];
					audience?: Database['public']['Enums']['session_audience'];
					code?: string;
					content_note?: TextMap;
					created_at?: string;
					format_id?: string | null;
					id?: string;
					interpreted?: string[];
					is_break?: boolean;
					is_recorded?: boolean;
					level?: Database['public']['Enums']['confidentiality'];
					links?: Json;
					spoken?: string[];
					stage_format?: Database['public']['Enums']['stage_format'];
					state?: Database['public']['Enums']['session_state'];
					summit_id: string;
					title: TextMap;
					track_id?: string | null;
					updated_at?: string;
					version?: number;
				};
				Update: {
					abstract?: TextMap;
					attendance?: Database['public']['Enums']['session_attendance'];
					audience?: Database['public']['Enums']['session_audience'];
					code?: string;
					content_note?: TextMap;
					created_at?: string;
					format_id?: string | null;
					id?: string;
					interpreted?: string[];
					is_break?: boolean;
					is_recorded?: boolean;
					level?: Database['public']['Enums']['confidentiality'];
					links?: Json;
					spoken?: string[];
					stage_format?: Database['public']['Enums']['stage_format'];
					state?: Database['public']['Enums']['session_state'];
					summit_id?: string;
					title?: TextMap;
					track_id?: string | null;
					updated_at?: string;
					version?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'sessions_format_id_summit_id_fkey';
						columns: ['format_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'formats';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'sessions_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'sessions_track_id_summit_id_fkey';
						columns: ['track_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'tracks';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			slot_rooms: {
				Row: {
					during: string;
					id: string;
					room_id: string;
					slot_id: string;
					summit_id: string;
				};
				Insert: {
					during: string;
					id?: string;
					room_id: string;
					slot_id: string;
					summit_id: string;
				};
				Update: {
					during?: string;
					id?: string;
					room_id?: string;
					slot_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'slot_rooms_room_id_summit_id_fkey';
						columns: ['room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'slot_rooms_slot_id_during_fkey';
						columns: ['slot_id', 'during'];
						isOneToOne: false;
						referencedRelation: 'slots';
						referencedColumns: ['id', 'during'];
					},
					{
						foreignKeyName: 'slot_rooms_slot_id_summit_id_fkey';
						columns: ['slot_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'slots';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
			slots: {
				Row: {
					block_reason: string | null;
					during: string;
					id: string;
					session_id: string | null;
					summit_id: string;
				};
				Insert: {
					block_reason?: string | null;
					during: string;
					id?: string;
					session_id?: string | null;
					summit_id: string;
				};
				Update: {
					block_reason?: string | null;
					during?: string;
					id?: string;
					session_id?: string | null;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'slots_session_id_summit_id_fkey';
						columns: ['session_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'slots_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			summit_contacts: {
				Row: {
					hours: TextMap;
					id: string;
					kind: string;
					label: TextMap;
					mail: string | null;
					note: TextMap;
					position: number;
					summit_id: string;
					telephone: string | null;
				};
				Insert: {
					hours?: TextMap;
					id?: string;
					kind: string;
					label: TextMap;
					mail?: string | null;
					note?: TextMap;
					position?: number;
					summit_id: string;
					telephone?: string | null;
				};
				Update: {
					hours?: TextMap;
					id?: string;
					kind?: string;
					label?: TextMap;
					mail?: string | null;
					note?: TextMap;
					position?: number;
					summit_id?: string;
					telephone?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'summit_contacts_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			summit_members: {
				Row: {
					country: string | null;
					id: string;
					member_id: string;
					region: string;
					sector: Database['public']['Enums']['sector'];
					standing: Database['public']['Enums']['standing'];
					summit_id: string;
				};
				Insert: {
					country?: string | null;
					id?: string;
					member_id: string;
					region?: string;
					sector: Database['public']['Enums']['sector'];
					standing?: Database['public']['Enums']['standing'];
					summit_id: string;
				};
				Update: {
					country?: string | null;
					id?: string;
					member_id?: string;
					region?: string;
					sector?: Database['public']['Enums']['sector'];
					standing?: Database['public']['Enums']['standing'];
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'summit_members_member_id_fkey';
						columns: ['member_id'];
						isOneToOne: false;
						referencedRelation: 'members';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'summit_members_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			summit_texts: {
				Row: {
					body: TextMap;
					id: string;
					kind: string;
					summit_id: string;
				};
				Insert: {
					body: TextMap;
					id?: string;
					kind: string;
					summit_id: string;
				};
				Update: {
					body?: TextMap;
					id?: string;
					kind?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'summit_texts_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			summits: {
				Row: {
					address: string;
					city: TextMap;
					country: string | null;
					counts_watching: boolean;
					created_at: string;
					currency: string;
					ends_on: string;
					id: string;
					is_rehearsal: boolean;
					languages: string[];
					logistics_due_at: string | null;
					name: TextMap;
					names_freeze_at: string | null;
					nominations_close_at: string | null;
					offer_hours: number;
					payment_days: number;
					refund_percent: number;
					refund_until: string | null;
					registration_closes_at: string | null;
					registration_opens_at: string | null;
					review_days: number;
					slug: string;
					starts_on: string;
					state: Database['public']['Enums']['summit_state'];
					summary: TextMap;
					updated_at: string;
					venue_name: TextMap;
					zone: string;
				};
				Insert: {
					address?: string;
					city?: TextMap;
					country?: string | null;
					counts_watching?: boolean;
					created_at?: string;
					currency?: string;
					ends_on: string;
					id?: string;
					is_rehearsal?: boolean;
					languages?: string[];
					logistics_due_at?: string | null;
					name: TextMap;
					names_freeze_at?: string | null;
					nominations_close_at?: string | null;
					offer_hours?: number;
					payment_days?: number;
					refund_percent?: number;
					refund_until?: string | null;
					registration_closes_at?: string | null;
					registration_opens_at?: string | null;
					review_days?: number;
					slug: string;
					starts_on: string;
					state?: Database['public']['Enums']['summit_state'];
					summary?: TextMap;
					updated_at?: string;
					venue_name?: TextMap;
					zone: string;
				};
				Update: {
					address?: string;
					city?: TextMap;
					country?: string | null;
					counts_watching?: boolean;
					created_at?: string;
					currency?: string;
					ends_on?: string;
					id?: string;
					is_rehearsal?: boolean;
					languages?: string[];
					logistics_due_at?: string | null;
					name?: TextMap;
					names_freeze_at?: string | null;
					nominations_close_at?: string | null;
					offer_hours?: number;
					payment_days?: number;
					refund_percent?: number;
					refund_until?: string | null;
					registration_closes_at?: string | null;
					registration_opens_at?: string | null;
					review_days?: number;
					slug?: string;
					starts_on?: string;
					state?: Database['public']['Enums']['summit_state'];
					summary?: TextMap;
					updated_at?: string;
					venue_name?: TextMap;
					zone?: string;
				};
				Relationships: [];
			};
			tracks: {
				Row: {
					id: string;
					name: TextMap;
					position: number;
					slug: string;
					summit_id: string;
				};
				Insert: {
					id?: string;
					name: TextMap;
					position?: number;
					slug: string;
					summit_id: string;
				};
				Update: {
					id?: string;
					name?: TextMap;
					position?: number;
					slug?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'tracks_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			vat_rates: {
				Row: {
					category: Database['public']['Enums']['registration_category'] | null;
					ended_at: string | null;
					exemption_code: string;
					exemption_reason: string;
					id: string;
					mode: Database['public']['Enums']['attendance_mode'] | null;
					percent: number;
					summit_id: string;
					vat_category: string;
				};
				Insert: {
					category?: Database['public']['Enums']['registration_category'] | null;
					ended_at?: string | null;
					exemption_code?: string;
					exemption_reason?: string;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'] | null;
					percent: number;
					summit_id: string;
					vat_category: string;
				};
				Update: {
					category?: Database['public']['Enums']['registration_category'] | null;
					ended_at?: string | null;
					exemption_code?: string;
					exemption_reason?: string;
					id?: string;
					mode?: Database['public']['Enums']['attendance_mode'] | null;
					percent?: number;
					summit_id?: string;
					vat_category?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'vat_rates_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			visa_letter_settings: {
				Row: {
					issuer_address: string;
					issuer_name: string;
					prefix: string;
					signatory_name: string;
					signatory_office: string;
					summit_id: string;
					updated_at: string;
				};
				Insert: {
					issuer_address: string;
					issuer_name: string;
					prefix?: string;
					signatory_name: string;
					signatory_office: string;
					summit_id: string;
					updated_at?: string;
				};
				Update: {
					issuer_address?: string;
					issuer_name?: string;
					prefix?: string;
					signatory_name?: string;
					signatory_office?: string;
					summit_id?: string;
					updated_at?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'visa_letter_settings_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: true;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			waiver_budgets: {
				Row: {
					amount: number;
					currency: string;
					id: string;
					summit_id: string;
				};
				Insert: {
					amount: number;
					currency: string;
					id?: string;
					summit_id: string;
				};
				Update: {
					amount?: number;
					currency?: string;
					id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'waiver_budgets_summit_id_fkey';
						columns: ['summit_id'];
						isOneToOne: false;
						referencedRelation: 'summits';
						referencedColumns: ['id'];
					}
				];
			};
			waiver_requests: {
				Row: {
					amount: number | null;
					answer: string;
					created_at: string;
					decided_at: string | null;
					decided_by: string | null;
					explanation: string;
					grounds: string;
					id: string;
					order_id: string;
					person_id: string;
					registration_id: string;
					requested_by: string;
					state: string;
					summit_id: string;
				};
				Insert: {
					amount?: number | null;
					answer?: string;
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					explanation?: string;
					grounds: string;
					id?: string;
					order_id: string;
					person_id: string;
					registration_id: string;
					requested_by: string;
					state?: string;
					summit_id: string;
				};
				Update: {
					amount?: number | null;
					answer?: string;
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					explanation?: string;
					grounds?: string;
					id?: string;
					order_id?: string;
					person_id?: string;
					registration_id?: string;
					requested_by?: string;
					state?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'waiver_requests_decided_by_fkey';
						columns: ['decided_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'waiver_requests_order_id_summit_id_fkey';
						columns: ['order_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'orders';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'waiver_requests_person_id_fkey';
						columns: ['person_id'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'waiver_requests_registration_id_summit_id_fkey';
						columns: ['registration_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'registrations';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'waiver_requests_requested_by_fkey';
						columns: ['requested_by'];
						isOneToOne: false;
						referencedRelation: 'people';
						referencedColumns: ['id'];
					}
				];
			};
			walking_times: {
				Row: {
					first_room_id: string;
					minutes: number;
					second_room_id: string;
					summit_id: string;
				};
				Insert: {
					first_room_id: string;
					minutes: number;
					second_room_id: string;
					summit_id: string;
				};
				Update: {
					first_room_id?: string;
					minutes?: number;
					second_room_id?: string;
					summit_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'walking_times_first_room_id_summit_id_fkey';
						columns: ['first_room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					},
					{
						foreignKeyName: 'walking_times_second_room_id_summit_id_fkey';
						columns: ['second_room_id', 'summit_id'];
						isOneToOne: false;
						referencedRelation: 'rooms';
						referencedColumns: ['id', 'summit_id'];
					}
				];
			};
		};
		Views: {
			agenda_people_v1: {
				Row: {
					affiliation: string | null;
					country: string | null;
					display_name: string | null;
					office: string | null;
					person: string | null;
					place: number | null;
					role: string | null;
					session: string | null;
					summit: string | null;
				};
				Relationships: [];
			};
			agenda_sessions_v1: {
				Row: {
					abstract: Json | null;
					attendance: string | null;
					audience: string | null;
					code: string | null;
					content_note: Json | null;
					format: Json | null;
					format_slug: string | null;
					interpreted: string[] | null;
					is_break: boolean | null;
					is_cancelled: boolean | null;
					is_recorded: boolean | null;
					level: string | null;
					links: Json | null;
					release: number | null;
					spoken: string[] | null;
					summit: string | null;
					title: Json | null;
					track: Json | null;
					track_slug: string | null;
				};
				Relationships: [];
			};
			agenda_slots_v1: {
				Row: {
					ends_at: string | null;
					event: string | null;
					is_cancelled: boolean | null;
					rooms: Json | null;
					sequence: number | null;
					session: string | null;
					starts_at: string | null;
					summit: string | null;
				};
				Relationships: [];
			};
		};
		Functions: {
			accept_finding: {
				Args: {
					summit: string | null;
					fingerprint: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['acceptance_status'];
			};
			accept_invitation: {
				Args: {
					token_hash: string | null;
				};
				Returns: Json;
			};
			acknowledge_concern: {
				Args: {
					concern: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			act_on_case: {
				Args: {
					this_case: string | null;
					act: string | null;
					target: string | null;
					text_sealed: string | null;
					form_hash: string | null;
				};
				Returns: Database['public']['Domains']['case_act_status'];
			};
			act_on_group_page: {
				Args: {
					page: string | null;
					version: number | null;
					act: string | null;
				};
				Returns: Database['public']['Domains']['group_page_status'];
			};
			add_case_entry: {
				Args: {
					this_case: string | null;
					kind: string | null;
					text_sealed: string | null;
					form_hash: string | null;
				};
				Returns: Database['public']['Domains']['case_entry_status'];
			};
			add_commitment_file: {
				Args: {
					report: string | null;
					name: string | null;
					object: string | null;
				};
				Returns: Json;
			};
			add_duty: {
				Args: {
					summit: string | null;
					authority: string | null;
					address: string | null;
					hours: number | null;
					categories: readonly string[] | null;
					note: string | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			add_group_action: {
				Args: {
					code: string | null;
					task: JsonArgument | null;
					owner?: string | null;
					due_on?: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			add_library_file: {
				Args: {
					item: string | null;
					object: string | null;
					name: string | null;
					language: string | null;
					content: string | null;
				};
				Returns: Json;
			};
			add_meeting_action: {
				Args: {
					code: string | null;
					task: JsonArgument | null;
					owner?: string | null;
					due_on?: string | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			add_meeting_paper: {
				Args: {
					code: string | null;
					name: string | null;
					object?: string | null;
					link?: string | null;
					item?: string | null;
				};
				Returns: Json;
			};
			add_member: {
				Args: {
					summit: string | null;
					name: string | null;
					sector: Database['public']['Enums']['sector'] | null;
					country: string | null;
				};
				Returns: Json;
			};
			add_page: {
				Args: {
					summit: string | null;
					kind: string | null;
					slug: string | null;
					title: JsonArgument | null;
					blocks: JsonArgument | null;
				};
				Returns: Json;
			};
			add_page_file: {
				Args: {
					summit: string | null;
					object: string | null;
					name: string | null;
					width: number | null;
					height: number | null;
				};
				Returns: Json;
			};
			add_registration_note: {
				Args: {
					registration: string | null;
					note: string | null;
					for_safeguarding?: boolean | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			add_session_file: {
				Args: {
					session: string | null;
					object: string | null;
					name: string | null;
					kind: Database['public']['Enums']['file_kind'] | null;
					publication?: Database['public']['Enums']['file_publication'] | null;
					language?: string | null;
					file?: string | null;
				};
				Returns: Json;
			};
			add_session_person: {
				Args: {
					session: string | null;
					person: string | null;
					role: Database['public']['Enums']['session_role'] | null;
				};
				Returns: Database['public']['Domains']['session_person_status'];
			};
			add_shift: {
				Args: {
					summit: string | null;
					person: string | null;
					starts_at: string | null;
					ends_at: string | null;
					rank: number | null;
				};
				Returns: Database['public']['Domains']['shift_status'];
			};
			add_to_audience: {
				Args: {
					session: string | null;
					person?: string | null;
					member?: string | null;
				};
				Returns: Database['public']['Domains']['audience_status'];
			};
			add_watch_list_entry: {
				Args: {
					summit: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			add_webhook: {
				Args: {
					summit: string | null;
					endpoint: string | null;
					url: string | null;
					description: string | null;
					kinds: readonly Database['public']['Enums']['webhook_kind'][] | null;
					secret_sealed: string | null;
					key_id: string | null;
				};
				Returns: Database['public']['Domains']['webhook_adding'];
			};
			admit_to_meeting: {
				Args: {
					code: string | null;
					participant: string | null;
					admitted: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			agenda_cache_key: {
				Args: {
					summit: string | null;
				};
				Returns: string;
			};
			agree_for_minor: {
				Args: {
					registration: string | null;
					on_stage: boolean | null;
					recorded: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			allow_microphone: {
				Args: {
					run: string | null;
					person: string | null;
					allowed: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			allowed_topics: {
				Args: {
					topics: readonly string[] | null;
				};
				Returns: string[];
			};
			announce: {
				Args: {
					summit: string | null;
					once: string | null;
					target: JsonArgument | null;
					written: JsonArgument | null;
				};
				Returns: Json;
			};
			announce_commitment: {
				Args: {
					commitment: string | null;
					version: number | null;
					at?: string | null;
				};
				Returns: Database['public']['Domains']['commitment_step_status'];
			};
			announce_on_stage: {
				Args: {
					run: string | null;
					words: string | null;
					minutes: number | null;
				};
				Returns: Database['public']['Domains']['stage_announcement_status'];
			};
			answer_assistant_invitation: {
				Args: {
					offer: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_unknown'];
			};
			answer_concern: {
				Args: {
					concern: string | null;
					text_sealed: string | null;
					key_id: string | null;
					form_hash: string | null;
				};
				Returns: Database['public']['Domains']['concern_answer_status'];
			};
			answer_focal_invitation: {
				Args: {
					invitation: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			answer_group_invitation: {
				Args: {
					invitation: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			answer_information_request: {
				Args: {
					request: string | null;
					answer: string | null;
				};
				Returns: Database['public']['Domains']['information_answer_status'];
			};
			answer_meeting: {
				Args: {
					code: string | null;
					answer: Database['public']['Enums']['meeting_answer'] | null;
					alternate?: string | null;
					seen?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			answer_meeting_staff: {
				Args: {
					staff: string | null;
					accepts: boolean | null;
					seen?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_work_status'];
			};
			answer_offer: {
				Args: {
					entry: string | null;
					accept: boolean | null;
				};
				Returns: Json;
			};
			answer_participation: {
				Args: {
					participation: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['participation_answer_status'];
			};
			answer_proposal_invitation: {
				Args: {
					token_hash: string | null;
					accept: boolean | null;
				};
				Returns: Json;
			};
			answer_reviewer_invitation: {
				Args: {
					token_hash: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['reviewer_answer_status'];
			};
			answer_role_invitation: {
				Args: {
					invitation: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['role_answer_status'];
			};
			answer_survey: {
				Args: {
					collection: string | null;
					answers: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['survey_answer_status'];
			};
			apply_bank_row: {
				Args: {
					bank_row: string | null;
					order_reference?: string | null;
				};
				Returns: Json;
			};
			apply_import: {
				Args: {
					import: string | null;
					most?: number | null;
				};
				Returns: Json;
			};
			apply_member_import: {
				Args: {
					import: string | null;
					choices?: JsonArgument | null;
					most?: number | null;
				};
				Returns: Json;
			};
			apply_schedule_import: {
				Args: {
					import: string | null;
				};
				Returns: Json;
			};
			apply_seat_quotas: {
				Args: {
					summit: string | null;
					proposal: JsonArgument | null;
					version: string | null;
					reason?: string | null;
				};
				Returns: Json;
			};
			approve_minutes: {
				Args: {
					code: string | null;
					version: number | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			ask_advance_question: {
				Args: {
					session: string | null;
					body: string | null;
					shown_as: string | null;
				};
				Returns: Database['public']['Domains']['advance_question_status'];
			};
			ask_commitment_agreement: {
				Args: {
					commitment: string | null;
					version: number | null;
					member: string | null;
					address: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['commitment_step_status'];
			};
			ask_host_list_reveal: {
				Args: {
					summit: string | null;
					list: string | null;
					reason_sealed: string | null;
					key_id: string | null;
				};
				Returns: Database['public']['Domains']['reveal_request_status'];
			};
			ask_question: {
				Args: {
					run: string | null;
					body: string | null;
					shown_as: string | null;
				};
				Returns: Database['public']['Domains']['question_status'];
			};
			ask_reveal: {
				Args: {
					summit: string | null;
					reference: string | null;
					reason_sealed: string | null;
					key_id: string | null;
				};
				Returns: Database['public']['Domains']['reveal_request_status'];
			};
			assign_reviewer: {
				Args: {
					summit: string | null;
					proposals: readonly string[] | null;
					person: string | null;
				};
				Returns: Json;
			};
			assign_reviews_evenly: {
				Args: {
					summit: string | null;
					each: number | null;
				};
				Returns: Json;
			};
			bar_author: {
				Args: {
					message: string | null;
					barred: boolean | null;
				};
				Returns: Database['public']['Domains']['bar_status'];
			};
			bar_from_session: {
				Args: {
					session: string | null;
					person: string | null;
					barred: boolean | null;
				};
				Returns: Database['public']['Domains']['bar_status'];
			};
			begin_commitment_file: {
				Args: {
					report: string | null;
				};
				Returns: Json;
			};
			begin_impact_release: {
				Args: {
					summit: string | null;
					version: number | null;
					after: number | null;
					reason: string | null;
				};
				Returns: Json;
			};
			begin_library_file: {
				Args: {
					item: string | null;
				};
				Returns: Json;
			};
			begin_meeting_paper: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			begin_session_file: {
				Args: {
					session: string | null;
					kind: Database['public']['Enums']['file_kind'] | null;
					file?: string | null;
				};
				Returns: Json;
			};
			begin_webhook_test: {
				Args: {
					endpoint: string | null;
				};
				Returns: Json;
			};
			call_hand: {
				Args: {
					hand: string | null;
				};
				Returns: Database['public']['Domains']['hand_call_status'];
			};
			can_enter: {
				Args: {
					session: string | null;
					channel: Database['public']['Enums']['access_channel'] | null;
				};
				Returns: Database['public']['Domains']['entry_status'];
			};
			can_see: {
				Args: {
					session: string | null;
				};
				Returns: boolean;
			};
			cancel_meeting: {
				Args: {
					code: string | null;
					version: number | null;
					with_later?: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			cancel_sign_up: {
				Args: {
					session: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			change_category: {
				Args: {
					registration: string | null;
					category: Database['public']['Enums']['registration_category'] | null;
					reason: string | null;
					member?: string | null;
					version?: number | null;
				};
				Returns: Json;
			};
			change_group: {
				Args: {
					code: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['group_change_status'];
			};
			change_group_action: {
				Args: {
					action: string | null;
					owner?: string | null;
					due_on?: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			change_group_person: {
				Args: {
					entry: string | null;
					fields: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['group_person_status'];
			};
			change_meeting: {
				Args: {
					code: string | null;
					version: number | null;
					fields: JsonArgument | null;
					with_later?: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			change_meeting_agenda: {
				Args: {
					code: string | null;
					item: string | null;
					act: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			change_placements: {
				Args: {
					summit: string | null;
					changes: JsonArgument | null;
				};
				Returns: Json;
			};
			change_session_person: {
				Args: {
					entry: string | null;
					state: Database['public']['Enums']['participation_state'] | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			change_status_notice: {
				Args: {
					notice: string | null;
					banner?: boolean | null;
					withdrawn?: boolean | null;
				};
				Returns: Database['private']['Domains']['status_change_status'];
			};
			check_badge: {
				Args: {
					summit: string | null;
					badge?: string | null;
					badge_code?: string | null;
					checkpoint?: string | null;
					direction?: string | null;
				};
				Returns: Json;
			};
			check_books: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			check_commitment: {
				Args: {
					commitment: string | null;
					version: number | null;
					accepted: boolean | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['commitment_step_status'];
			};
			check_visa_letter: {
				Args: {
					summit: string | null;
					code: string | null;
				};
				Returns: Database['public']['Domains']['visa_letter_validity'];
			};
			choose_calendar_invitations: {
				Args: {
					how: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			choose_currency: {
				Args: {
					order_id: string | null;
					currency: string | null;
				};
				Returns: Json;
			};
			choose_meeting_time: {
				Args: {
					code: string | null;
					chosen: string | null;
				};
				Returns: Json;
			};
			choose_session_group: {
				Args: {
					session: string | null;
					code: string | null;
				};
				Returns: Database['public']['Domains']['session_group_status'];
			};
			close_booth: {
				Args: {
					run: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			close_case: {
				Args: {
					this_case: string | null;
					version: number | null;
					outcome: string | null;
					text_sealed: string | null;
					form_hash: string | null;
				};
				Returns: Database['public']['Domains']['case_change_status'];
			};
			close_concern: {
				Args: {
					concern: string | null;
					closed: boolean | null;
					note_sealed?: string | null;
					note_key_id?: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			close_concern_batch: {
				Args: {
					batch: string | null;
				};
				Returns: number;
			};
			close_information_request: {
				Args: {
					request: string | null;
				};
				Returns: Database['public']['Domains']['step_status'];
			};
			close_journal: {
				Args: {
					summit: string | null;
					last_day: string | null;
				};
				Returns: Json;
			};
			close_meeting_poll: {
				Args: {
					code: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			combine_orders: {
				Args: {
					summit: string | null;
					member: string | null;
					orders: readonly string[] | null;
				};
				Returns: Json;
			};
			comment_commitment: {
				Args: {
					commitment: string | null;
					member: string | null;
					body: string | null;
				};
				Returns: Database['public']['Domains']['commitment_report_status'];
			};
			comment_on_minutes: {
				Args: {
					code: string | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			community_sections: { Args: never; Returns: string[] };
			compare_editions: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			compare_merge: {
				Args: {
					keep: string | null;
					duplicate: string | null;
				};
				Returns: Json;
			};
			concern_figures: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			confirm_merge: {
				Args: {
					request: string | null;
				};
				Returns: Database['public']['Domains']['merge_status'];
			};
			confirm_notice: {
				Args: {
					session: string | null;
					note?: string | null;
				};
				Returns: Database['public']['Domains']['stream_entry_status'];
			};
			confirm_role_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Database['public']['Domains']['role_confirmation_status'];
			};
			control_campaign: {
				Args: {
					campaign: string | null;
					action: string | null;
				};
				Returns: Database['public']['Domains']['campaign_act_status'];
			};
			control_group_message: {
				Args: {
					message: string | null;
					action: string | null;
				};
				Returns: Database['public']['Domains']['step_status'];
			};
			copy_agenda_day: {
				Args: {
					summit: string | null;
					from_day: string | null;
					to_day: string | null;
					sessions: boolean | null;
				};
				Returns: Json;
			};
			copy_logistics_fields: {
				Args: {
					summit: string | null;
					source: string | null;
					fields: readonly string[] | null;
				};
				Returns: Json;
			};
			copy_survey: {
				Args: {
					survey: string | null;
				};
				Returns: Json;
			};
			correct_caption: {
				Args: {
					run: string | null;
					language: string | null;
					number: number | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			correct_invoice: {
				Args: {
					invoice: string | null;
					billing: JsonArgument | null;
					reason: string | null;
					locale?: string | null;
				};
				Returns: Json;
			};
			correct_meeting_caption: {
				Args: {
					code: string | null;
					language: string | null;
					number: number | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			correct_minutes: {
				Args: {
					code: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			correct_name: {
				Args: {
					registration: string | null;
					fields: JsonArgument | null;
					reason: string | null;
					override?: boolean | null;
				};
				Returns: Database['public']['Domains']['name_correction_status'];
			};
			count_announcement_recipients: {
				Args: {
					summit: string | null;
					target: JsonArgument | null;
				};
				Returns: Json;
			};
			count_arrivals_today: {
				Args: {
					summit: string | null;
				};
				Returns: number;
			};
			count_campaign: {
				Args: {
					segment: JsonArgument | null;
					kind: Database['public']['Enums']['campaign_kind'] | null;
				};
				Returns: Json;
			};
			count_concerns_without_reader: {
				Args: {
					summit: string | null;
				};
				Returns: number;
			};
			count_group_message_readers: {
				Args: {
					summit: string | null;
					filters: JsonArgument | null;
				};
				Returns: Json;
			};
			count_my_session_files: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			count_unread_changes: {
				Args: {
					summit: string | null;
				};
				Returns: number;
			};
			create_calendar_link: {
				Args: {
					summit: string | null;
					token_hash: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			create_decision_batch: {
				Args: {
					summit: string | null;
					decision: string | null;
					ids?: readonly string[] | null;
					filters?: JsonArgument | null;
				};
				Returns: Json;
			};
			create_group: {
				Args: {
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			create_poll: {
				Args: {
					session: string | null;
					question: string | null;
					kind: string | null;
					options: readonly string[] | null;
					by_sector: boolean | null;
					may_change: boolean | null;
					open_now: boolean | null;
					results_at_end?: boolean | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			create_summit: {
				Args: {
					settings: JsonArgument | null;
				};
				Returns: Json;
			};
			create_summit_from: {
				Args: {
					template: string | null;
					settings: JsonArgument | null;
					parts?: readonly string[] | null;
				};
				Returns: Json;
			};
			current_summit: { Args: never; Returns: string };
			decide_co_speaker: {
				Args: {
					suggestion: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['co_speaker_decision_status'];
			};
			decide_host_list: {
				Args: {
					summit: string | null;
					list: string | null;
					confirmed: boolean | null;
				};
				Returns: Database['public']['Domains']['second_person_status'];
			};
			decide_join_request: {
				Args: {
					request: string | null;
					accept: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			decide_next_of_batch: {
				Args: {
					batch: string | null;
					reason: string | null;
					most?: number | null;
				};
				Returns: Json;
			};
			decide_proposals: {
				Args: {
					summit: string | null;
					choices: JsonArgument | null;
					decision: string | null;
				};
				Returns: Json;
			};
			decide_registrations: {
				Args: {
					ids: readonly string[] | null;
					decision: string | null;
					reason?: string | null;
				};
				Returns: Json;
			};
			decide_reveal: {
				Args: {
					reveal: string | null;
					confirmed: boolean | null;
				};
				Returns: Database['public']['Domains']['second_person_status'];
			};
			decide_side_event: {
				Args: {
					side_event: string | null;
					version: number | null;
					state: Database['public']['Enums']['side_event_state'] | null;
					words?: string | null;
					place?: JsonArgument | null;
					format?: JsonArgument | null;
				};
				Returns: Json;
			};
			decide_survey_text: {
				Args: {
					survey_text: string | null;
					release: boolean | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['survey_text_status'];
			};
			decide_text_suggestion: {
				Args: {
					suggestion: string | null;
					accept: boolean | null;
					version: number | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['text_decision_status'];
			};
			decide_waiver: {
				Args: {
					request: string | null;
					approve: boolean | null;
					amount?: number | null;
					answer?: string | null;
				};
				Returns: Json;
			};
			declare_conflict: {
				Args: {
					proposal: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			decline_barred: {
				Args: {
					summit: string | null;
					match: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			delete_group_action: {
				Args: {
					action: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			delete_library_draft: {
				Args: {
					item: string | null;
					revision: number | null;
				};
				Returns: Database['public']['Domains']['library_step_status'];
			};
			delete_list_view: {
				Args: {
					view: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			delete_meeting_message: {
				Args: {
					code: string | null;
					message: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			delete_message: {
				Args: {
					message: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			delete_page: {
				Args: {
					page: string | null;
				};
				Returns: Database['public']['Domains']['page_removal_status'];
			};
			delete_page_file: {
				Args: {
					summit: string | null;
					file: string | null;
				};
				Returns: Database['public']['Domains']['page_file_removal_status'];
			};
			delete_poll: {
				Args: {
					poll: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			delete_push_subscription: {
				Args: {
					endpoint: string | null;
				};
				Returns: undefined;
			};
			delete_recording: {
				Args: {
					recording: string | null;
				};
				Returns: Database['public']['Domains']['recording_deletion_status'];
			};
			delete_survey_question: {
				Args: {
					survey: string | null;
					question: string | null;
				};
				Returns: Database['public']['Domains']['survey_edit_status'];
			};
			discard_library_version: {
				Args: {
					item: string | null;
					revision: number | null;
				};
				Returns: Database['public']['Domains']['library_step_status'];
			};
			discuss_proposal: {
				Args: {
					proposal: string | null;
					body: string | null;
				};
				Returns: Database['public']['Domains']['discussion_status'];
			};
			dismiss_agenda_changes: {
				Args: {
					summit: string | null;
					number: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			does_watching_count: {
				Args: {
					recording: string | null;
				};
				Returns: boolean;
			};
			edit_session: {
				Args: {
					summit: string | null;
					session: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			edit_webhook: {
				Args: {
					endpoint: string | null;
					url: string | null;
					description: string | null;
					kinds: readonly Database['public']['Enums']['webhook_kind'][] | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			end_auth_session: {
				Args: {
					session: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_unknown'];
			};
			end_breakouts: {
				Args: {
					code: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			end_certificate: {
				Args: {
					certificate: string | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['certificate_end_status'];
			};
			end_duty: {
				Args: {
					duty: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			end_encoder: {
				Args: {
					run: string | null;
					kind: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			end_group_person: {
				Args: {
					entry: string | null;
				};
				Returns: Database['public']['Domains']['group_person_status'];
			};
			end_legal_hold: {
				Args: {
					hold: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			end_meeting_room: {
				Args: {
					code: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			end_reviewer: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			end_role: {
				Args: {
					role_grant: string | null;
				};
				Returns: Database['public']['Domains']['role_end_status'];
			};
			end_turn: {
				Args: {
					hand: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			enrol_door_device: {
				Args: {
					summit: string | null;
					checkpoint: string | null;
					name: string | null;
					key_hash: string | null;
				};
				Returns: Json;
			};
			export_audit: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
				};
				Returns: Json;
			};
			export_journal: {
				Args: {
					summit: string | null;
					period?: string | null;
				};
				Returns: Json;
			};
			export_money: {
				Args: {
					summit: string | null;
					what: string | null;
					state?: string | null;
				};
				Returns: Json;
			};
			export_papers: {
				Args: {
					summit: string | null;
					first_day: string | null;
					last_day: string | null;
				};
				Returns: Json;
			};
			export_registrations: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
				};
				Returns: Json;
			};
			extend_order: {
				Args: {
					order_id: string | null;
					until: string | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['order_extension_status'];
			};
			find_badges_by_name: {
				Args: {
					summit: string | null;
					name: string | null;
				};
				Returns: Json;
			};
			find_desk_registrations: {
				Args: {
					summit: string | null;
					query?: string | null;
					badge?: string | null;
					address_hash?: string | null;
				};
				Returns: Json;
			};
			find_fault: {
				Args: {
					summit: string | null;
					fault_reference: string | null;
				};
				Returns: Json;
			};
			find_in_summit: {
				Args: {
					summit: string | null;
					query: string | null;
				};
				Returns: Json;
			};
			find_people: {
				Args: {
					summit: string | null;
					query: string | null;
				};
				Returns: {
					id: string;
					display_name: string;
					office: string;
					affiliation: string;
				}[];
			};
			find_run_room: {
				Args: {
					summit: string | null;
					room: string | null;
					run?: string | null;
				};
				Returns: string;
			};
			gets_news: { Args: never; Returns: boolean };
			give_guardian_consent: {
				Args: {
					registration: string | null;
				};
				Returns: Database['public']['Domains']['guardian_consent_status'];
			};
			grant_role: {
				Args: {
					person: string | null;
					role: Database['public']['Enums']['organiser_role'] | null;
					summit?: string | null;
					via?: string | null;
					until?: string | null;
				};
				Returns: Database['public']['Domains']['role_grant_status'];
			};
			has_booth_consent: {
				Args: {
					session: string | null;
				};
				Returns: boolean;
			};
			has_calendar_link: {
				Args: {
					summit: string | null;
				};
				Returns: boolean;
			};
			has_commitment_work: { Args: never; Returns: boolean };
			has_floor_consent: {
				Args: {
					session: string | null;
				};
				Returns: boolean;
			};
			has_kept_captions: {
				Args: {
					session: string | null;
				};
				Returns: boolean;
			};
			ignore_bank_row: {
				Args: {
					bank_row: string | null;
					reason: string | null;
					back?: boolean | null;
				};
				Returns: Database['public']['Domains']['bank_ignore_status'];
			};
			import_statement: {
				Args: {
					summit: string | null;
					name: string | null;
					rows: JsonArgument | null;
				};
				Returns: Json;
			};
			invite_delegate: {
				Args: {
					summit: string | null;
					member: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
					letter: JsonArgument | null;
					queue?: boolean | null;
				};
				Returns: Json;
			};
			invite_focal_point: {
				Args: {
					summit: string | null;
					member: string | null;
					address: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['focal_invitation_status'];
			};
			invite_reviewer: {
				Args: {
					summit: string | null;
					address: JsonArgument | null;
					display_name: string | null;
					tracks: readonly string[] | null;
					until: string | null;
				};
				Returns: Database['public']['Domains']['invitation_status'];
			};
			invite_to_claim_part: {
				Args: {
					entry: string | null;
					address: JsonArgument | null;
					as_assistant?: boolean | null;
				};
				Returns: Database['public']['Domains']['part_invitation_status'];
			};
			invite_to_group: {
				Args: {
					code: string | null;
					part: Database['public']['Enums']['group_part'] | null;
					address: JsonArgument | null;
					display_name: string | null;
					member?: string | null;
					until?: string | null;
					alternate_of?: string | null;
				};
				Returns: Database['public']['Domains']['invitation_status'];
			};
			invite_to_proposal: {
				Args: {
					proposal: string | null;
					role: Database['public']['Enums']['session_role'] | null;
					is_author: boolean | null;
					display_name: string | null;
					letter: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['proposal_invitation_status'];
			};
			invite_to_role: {
				Args: {
					summit: string | null;
					role: Database['public']['Enums']['organiser_role'] | null;
					address: JsonArgument | null;
					display_name: string | null;
					for_all?: boolean | null;
					until?: string | null;
				};
				Returns: Database['public']['Domains']['role_invitation_status'];
			};
			invite_to_session: {
				Args: {
					session: string | null;
					part: Database['public']['Enums']['session_role'] | null;
					address: JsonArgument | null;
					display_name: string | null;
				};
				Returns: Database['public']['Domains']['invitation_status'];
			};
			issue_certificate: {
				Args: {
					summit: string | null;
					kind: string | null;
					code_hash: string | null;
					content: JsonArgument | null;
				};
				Returns: Json;
			};
			issue_desk_code: {
				Args: {
					registration: string | null;
					code_hash: string | null;
					first_half_hash: string | null;
					checked: string | null;
				};
				Returns: Json;
			};
			issue_visa_letter: {
				Args: {
					registration: string | null;
					content: JsonArgument | null;
				};
				Returns: Json;
			};
			join_case: {
				Args: {
					this_case: string | null;
					concern: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			join_queue: {
				Args: {
					registration: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
				};
				Returns: Json;
			};
			large_audience_state: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			leave_booth: {
				Args: {
					run: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			leave_meeting_booth: {
				Args: {
					code: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			leave_out_language: {
				Args: {
					recording: string | null;
					language: string | null;
					is_left_out: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			leave_queue: {
				Args: {
					registration: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
				};
				Returns: Json;
			};
			library_choices: { Args: never; Returns: Json };
			link_member_request: {
				Args: {
					request: string | null;
					member: string | null;
				};
				Returns: Database['public']['Domains']['member_request_link_status'];
			};
			list_advance_questions: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			list_alias_traces: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_announcements: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_api_keys: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_approved_minutes: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			list_assistants: { Args: never; Returns: Json };
			list_audit: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
					before?: number | string | null;
					page_size?: number | null;
				};
				Returns: Json;
			};
			list_auth_sessions: { Args: never; Returns: Json };
			list_availabilities: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_badges: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
					page?: number | null;
					page_size?: number | null;
				};
				Returns: Json;
			};
			list_badges_to_print: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
				};
				Returns: Json;
			};
			list_bank_rows: {
				Args: {
					summit: string | null;
					state?: Database['public']['Enums']['bank_row_state'] | null;
					row_limit?: number | null;
					row_offset?: number | null;
				};
				Returns: Json;
			};
			list_campaign_choices: { Args: never; Returns: Json };
			list_campaigns: {
				Args: {
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			list_cases: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_certificates: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_checkpoints: {
				Args: {
					summit: string | null;
					with_ended?: boolean | null;
				};
				Returns: Json;
			};
			list_co_speaker_suggestions: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_co_speakers: {
				Args: {
					participation: string | null;
				};
				Returns: Json;
			};
			list_commitment_work: { Args: never; Returns: Json };
			list_commitments: { Args: never; Returns: Json };
			list_concerns: {
				Args: {
					summit: string | null;
					opened?: string | null;
				};
				Returns: Json;
			};
			list_delegation_orders: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_draft_previews: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_faults: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_fees: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_group_meetings: {
				Args: {
					code: string | null;
					page?: number | null;
				};
				Returns: Json;
			};
			list_group_message_outcomes: {
				Args: {
					message: string | null;
					outcome?: string | null;
					row_limit?: number | null;
					row_offset?: number | null;
				};
				Returns: Json;
			};
			list_group_message_samples: {
				Args: {
					message: string | null;
					reference?: string | null;
				};
				Returns: Json;
			};
			list_group_messages: {
				Args: {
					summit: string | null;
					message?: string | null;
				};
				Returns: Json;
			};
			list_group_notices: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			list_group_pages: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			list_group_sessions: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			list_groups: { Args: never; Returns: Json };
			list_impact_reports: { Args: never; Returns: Json };
			list_invoices: {
				Args: {
					summit: string | null;
					state?: string | null;
					query?: string | null;
					row_limit?: number | null;
					row_offset?: number | null;
					sort?: string | null;
				};
				Returns: Json;
			};
			list_launch_items: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_library_work: { Args: never; Returns: Json };
			list_mail: {
				Args: {
					summit: string | null;
					state?: Database['public']['Enums']['mail_state'] | null;
					row_limit?: number | null;
					row_offset?: number | null;
				};
				Returns: Json;
			};
			list_mail_texts: {
				Args: {
					summit: string | null;
					template?: string | null;
				};
				Returns: Json;
			};
			list_meeting_polls: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			list_member_requests: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_members: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			list_merge_requests: { Args: never; Returns: Json };
			list_my_announcements: {
				Args: {
					summit: string | null;
					language?: string | null;
				};
				Returns: Json;
			};
			list_my_meetings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_my_proposals: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_my_speaker_tasks: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_needs: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
					page?: number | null;
					page_size?: number | null;
				};
				Returns: Json;
			};
			list_orders: {
				Args: {
					summit: string | null;
					state?: string | null;
					query?: string | null;
					row_limit?: number | null;
					row_offset?: number | null;
					sort?: string | null;
				};
				Returns: Json;
			};
			list_page_people: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_pages: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_people_inside: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_portrait_people: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_protected_people: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_published_files: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			list_published_pages: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_published_recordings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_queue: {
				Args: {
					summit: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
					filters?: JsonArgument | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			list_readable_questions: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_recordings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_registrations: {
				Args: {
					summit: string | null;
					filters?: JsonArgument | null;
					page_size?: number | null;
					after?: string | null;
				};
				Returns: Json;
			};
			list_reveals: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_reviewer_invitations: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_role_invitations: {
				Args: {
					summit: string | null;
					session?: string | null;
				};
				Returns: Json;
			};
			list_role_proposals: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_roles: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_room_screens: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_safeguarding_notes: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_sealed_lookups: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_session_attendance: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_session_attendees: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			list_session_commitments: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			list_session_files: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_session_places: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_side_events: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_speakers: {
				Args: {
					summit: string | null;
					missing?: string | null;
					query?: string | null;
					row_limit?: number | null;
					row_offset?: number | null;
					sort?: string | null;
					person?: string | null;
				};
				Returns: Json;
			};
			list_status_notices: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_summits: { Args: never; Returns: Json };
			list_survey_texts: {
				Args: {
					collection: string | null;
				};
				Returns: Json;
			};
			list_surveys: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_text_suggestions: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_tied_documents: {
				Args: {
					kind: string | null;
					code: string | null;
					summit?: string | null;
				};
				Returns: Json;
			};
			list_transcripts: {
				Args: {
					summit: string | null;
					code: string | null;
				};
				Returns: string[];
			};
			list_waiting: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_waivers: {
				Args: {
					summit: string | null;
					state?: string | null;
					row_limit?: number | null;
					row_offset?: number | null;
				};
				Returns: Json;
			};
			list_walking_times: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			list_webhooks: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			lock_entry: {
				Args: {
					run: string | null;
					to_whom?: string | null;
				};
				Returns: Database['public']['Domains']['run_change_status'];
			};
			lower_all_hands: {
				Args: {
					run: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			lower_hand: {
				Args: {
					run: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_already'];
			};
			make_api_key: {
				Args: {
					summit: string | null;
					name: string | null;
					scopes: readonly Database['public']['Enums']['api_scope'][] | null;
					days: number | null;
					key_hash: string | null;
					hint: string | null;
				};
				Returns: Database['public']['Domains']['api_key_status'];
			};
			make_caption_token: {
				Args: {
					run: string | null;
					language: string | null;
					token_hash: string | null;
				};
				Returns: Database['public']['Domains']['caption_token_status'];
			};
			make_draft_preview: {
				Args: {
					summit: string | null;
					name: string | null;
					role: string | null;
					language: string | null;
					days: number | null;
					token_hash: string | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			make_encoder_code: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			make_hall_code: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Json;
			};
			make_ingress: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			make_late_link: {
				Args: {
					summit: string | null;
					token_hash: string | null;
					note: string | null;
					until: string | null;
				};
				Returns: Database['public']['Domains']['late_link_status'];
			};
			make_refund_manual: {
				Args: {
					refund: string | null;
				};
				Returns: Database['public']['Domains']['refund_status'];
			};
			make_room_screen: {
				Args: {
					summit: string | null;
					room: string | null;
					name: string | null;
					token_hash: string | null;
				};
				Returns: Database['public']['Domains']['room_save_status'];
			};
			make_run_host: {
				Args: {
					run: string | null;
					person: string | null;
					is_host: boolean | null;
				};
				Returns: Database['public']['Domains']['run_host_status'];
			};
			map_import: {
				Args: {
					import: string | null;
					mapping: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['import_mapping_status'];
			};
			mark_announcements_seen: {
				Args: {
					announcements: readonly string[] | null;
					away?: boolean | null;
				};
				Returns: number;
			};
			mark_concern_subject: {
				Args: {
					concern: string | null;
					person: string | null;
					is_about: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			mark_proposal: {
				Args: {
					proposal: string | null;
					brings_survivors: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			mark_reveal_told: {
				Args: {
					reveal: string | null;
					person: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			mark_session: {
				Args: {
					session: string | null;
					marked: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_seen'];
			};
			may_add_page_file: {
				Args: {
					summit: string | null;
				};
				Returns: boolean;
			};
			may_resend_proposal_invitation: {
				Args: {
					entry: string | null;
				};
				Returns: boolean;
			};
			may_subscribe_registered: {
				Args: {
					summit: string | null;
				};
				Returns: boolean;
			};
			member_history: {
				Args: {
					summit: string | null;
					member: string | null;
					most?: number | null;
				};
				Returns: Json;
			};
			member_invitations: {
				Args: {
					summit: string | null;
					member: string | null;
				};
				Returns: Json;
			};
			merge_members: {
				Args: {
					keep: string | null;
					duplicate: string | null;
					reason: string | null;
					as_exception?: boolean | null;
				};
				Returns: Json;
			};
			merge_questions: {
				Args: {
					question: string | null;
					into_question: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			money_overview: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			move_delegate: {
				Args: {
					registration: string | null;
					place: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			move_door_device: {
				Args: {
					device: string | null;
					checkpoint: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			move_logistics_field: {
				Args: {
					summit: string | null;
					field: string | null;
					is_up: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			move_page: {
				Args: {
					page: string | null;
					by: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			move_setting: {
				Args: {
					summit: string | null;
					table_name: string | null;
					row_id: string | null;
					by: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_unknown'];
			};
			move_survey: {
				Args: {
					survey: string | null;
					step: string | null;
				};
				Returns: Database['public']['Domains']['survey_step_status'];
			};
			move_survey_question: {
				Args: {
					survey: string | null;
					question: string | null;
					is_up: boolean | null;
				};
				Returns: Database['public']['Domains']['survey_edit_status'];
			};
			move_to_breakout: {
				Args: {
					code: string | null;
					participant: string | null;
					number: number | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			move_to_pool: {
				Args: {
					summit: string | null;
					ids: readonly string[] | null;
					pool: string | null;
				};
				Returns: Json;
			};
			mute_author: {
				Args: {
					message: string | null;
					muted: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			mute_in_meeting: {
				Args: {
					code: string | null;
					participant?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			my_alias_traces: { Args: never; Returns: Json };
			my_attendance: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_certificates: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_commitments: { Args: never; Returns: Json };
			my_data_copies: { Args: never; Returns: Json };
			my_debriefs: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_emergency_contact: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			my_erasure: { Args: never; Returns: Json };
			my_focal_invitations: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_group_actions: { Args: never; Returns: Json };
			my_group_invitations: { Args: never; Returns: Json };
			my_guardianship: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_list_views: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_logistics_form: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_needs: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_nomination: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_participations: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_readings: { Args: never; Returns: Json };
			my_registration: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_reveal_contact: { Args: never; Returns: Database['public']['Domains']['reveal_contact'] };
			my_role_invitations: { Args: never; Returns: Json };
			my_side_events: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_speaker_seat: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_surveys: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_undoable_acts: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			my_visa_letter: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			name_concern_deputy: {
				Args: {
					person: string | null;
					summit: string | null;
				};
				Returns: Database['public']['Domains']['role_grant_status'];
			};
			name_guardian: {
				Args: {
					registration: string | null;
					reference: string | null;
					address?: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['guardian_naming_status'];
			};
			name_meeting_staff: {
				Args: {
					code: string | null;
					part: Database['public']['Enums']['meeting_staff_part'] | null;
					language: string | null;
					entry?: string | null;
					reference?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_staff_status'];
			};
			nominate_registrations: {
				Args: {
					ids: readonly string[] | null;
				};
				Returns: Json;
			};
			note_board_presence: {
				Args: {
					summit: string | null;
					page: string | null;
					session?: string | null;
					is_dragging?: boolean | null;
					leaves?: boolean | null;
				};
				Returns: Json;
			};
			offer_booth: {
				Args: {
					run: string | null;
					language: string | null;
					offered: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			offer_meeting_booth: {
				Args: {
					code: string | null;
					language: string | null;
					offered: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			on_now: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			open_answer_file: {
				Args: {
					summit: string | null;
					field: string | null;
					reference: string | null;
				};
				Returns: Json;
			};
			open_audit_entry: {
				Args: {
					summit: string | null;
					entry: number | string | null;
				};
				Returns: Json;
			};
			open_case: {
				Args: {
					concerns: readonly string[] | null;
					severity: string | null;
					category: string | null;
					key_sealed: string | null;
					key_id: string | null;
				};
				Returns: Json;
			};
			open_commitment_file: {
				Args: {
					file: string | null;
				};
				Returns: Json;
			};
			open_library_file: {
				Args: {
					file: string | null;
				};
				Returns: Json;
			};
			open_meeting_paper: {
				Args: {
					code: string | null;
					paper: string | null;
				};
				Returns: Json;
			};
			open_meeting_poll: {
				Args: {
					code: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			open_meeting_room: {
				Args: {
					code: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			open_minutes_for_comments: {
				Args: {
					code: string | null;
					until: string | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			open_own_file: {
				Args: {
					summit: string | null;
					field: string | null;
				};
				Returns: string;
			};
			open_page_file: {
				Args: {
					summit: string | null;
					file: string | null;
				};
				Returns: Json;
			};
			open_portrait: {
				Args: {
					portrait: string | null;
					is_large: boolean | null;
				};
				Returns: Json;
			};
			open_recording: {
				Args: {
					summit: string | null;
					recording: string | null;
				};
				Returns: Json;
			};
			open_run: {
				Args: {
					session: string | null;
					room?: string | null;
				};
				Returns: Json;
			};
			open_session_file: {
				Args: {
					summit: string | null;
					file: string | null;
					number?: number | null;
				};
				Returns: Json;
			};
			open_survey_form: {
				Args: {
					summit: string | null;
					survey: string | null;
					session: string | null;
				};
				Returns: Json;
			};
			open_survey_results: {
				Args: {
					collection: string | null;
				};
				Returns: Database['public']['Domains']['survey_results_status'];
			};
			pause_webhook: {
				Args: {
					endpoint: string | null;
					paused: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			place_legal_hold: {
				Args: {
					summit: string | null;
					class: string | null;
					reference: string | null;
					reason: string | null;
					until?: string | null;
				};
				Returns: Database['public']['Domains']['legal_hold_status'];
			};
			plan_meeting: {
				Args: {
					code: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			post_status_notice: {
				Args: {
					summit: string | null;
					once: string | null;
					written: JsonArgument | null;
				};
				Returns: Json;
			};
			prepare_import: {
				Args: {
					summit: string | null;
					contents: string | null;
					file: JsonArgument | null;
					rows: JsonArgument | null;
				};
				Returns: Json;
			};
			prepare_member_import: {
				Args: {
					summit: string | null;
					file: JsonArgument | null;
					rows: JsonArgument | null;
				};
				Returns: Json;
			};
			prepare_schedule_import: {
				Args: {
					summit: string | null;
					file: JsonArgument | null;
					additions: JsonArgument | null;
					rows: JsonArgument | null;
				};
				Returns: Json;
			};
			present_slides: {
				Args: {
					run: string | null;
					file?: string | null;
				};
				Returns: Json;
			};
			preview_category: {
				Args: {
					registration: string | null;
					category: Database['public']['Enums']['registration_category'] | null;
					member?: string | null;
				};
				Returns: Json;
			};
			preview_draft: {
				Args: {
					summit: string | null;
					registered?: boolean | null;
					person?: string | null;
					member?: string | null;
					sector?: Database['public']['Enums']['sector'] | null;
					category?: Database['public']['Enums']['registration_category'] | null;
					mode?: Database['public']['Enums']['attendance_mode'] | null;
				};
				Returns: Json;
			};
			preview_member_merge: {
				Args: {
					keep: string | null;
					duplicate: string | null;
				};
				Returns: Json;
			};
			preview_page: {
				Args: {
					summit: string | null;
					page: string | null;
					version?: number | null;
				};
				Returns: Json;
			};
			preview_proposed_category: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			preview_release: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			preview_seat_quotas: {
				Args: {
					summit: string | null;
					proposal: JsonArgument | null;
				};
				Returns: Json;
			};
			publish_live_changes: {
				Args: {
					summit: string | null;
					changes: JsonArgument | null;
					note?: JsonArgument | null;
				};
				Returns: Json;
			};
			publish_minutes: {
				Args: {
					code: string | null;
					is_public: boolean | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			publish_page: {
				Args: {
					page: string | null;
					revision: number | null;
				};
				Returns: Json;
			};
			publish_recording: {
				Args: {
					recording: string | null;
					published: boolean | null;
					drop_rest?: boolean | null;
				};
				Returns: Database['public']['Domains']['recording_publication_status'];
			};
			publish_release: {
				Args: {
					summit: string | null;
					note?: JsonArgument | null;
					expected?: number | null;
				};
				Returns: Json;
			};
			publish_session_file: {
				Args: {
					file: string | null;
					publication: Database['public']['Enums']['file_publication'] | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			put_minutes_in_library: {
				Args: {
					code: string | null;
					summary: JsonArgument | null;
				};
				Returns: Json;
			};
			put_on_air: {
				Args: {
					run: string | null;
					language: string | null;
					person: string | null;
				};
				Returns: Database['public']['Domains']['on_air_status'];
			};
			quote_switch: {
				Args: {
					registration: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
				};
				Returns: Json;
			};
			raise_hand: {
				Args: {
					run: string | null;
					place?: Database['public']['Enums']['hand_place'] | null;
					with_camera?: boolean | null;
					may_record?: boolean | null;
				};
				Returns: Database['public']['Domains']['hand_status'];
			};
			raise_level_in_emergency: {
				Args: {
					session: string | null;
					level: Database['public']['Enums']['confidentiality'] | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			raise_meeting_hand: {
				Args: {
					code: string | null;
					raised: boolean | null;
					participant?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			read_advance_questions: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_agenda: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_agenda_builder: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_backstage: {
				Args: {
					summit: string | null;
					code: string | null;
				};
				Returns: Json;
			};
			read_backstage_messages: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_backups: { Args: never; Returns: Json };
			read_booth: {
				Args: {
					summit: string | null;
					room: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_booths: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			read_call: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_call_settings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_camera_list: {
				Args: {
					summit: string | null;
					day: string | null;
				};
				Returns: Json;
			};
			read_campaign: {
				Args: {
					campaign: string | null;
				};
				Returns: Json;
			};
			read_caption_editor: {
				Args: {
					summit: string | null;
					room: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_caption_tokens: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			read_captions: {
				Args: {
					summit: string | null;
					room: string | null;
					run?: string | null;
				};
				Returns: Json;
			};
			read_case: {
				Args: {
					summit: string | null;
					this_case: string | null;
				};
				Returns: Json;
			};
			read_case_targets: {
				Args: {
					this_case: string | null;
				};
				Returns: Json;
			};
			read_changelog: {
				Args: {
					summit: string | null;
					from_number?: number | null;
					to_number?: number | null;
				};
				Returns: Json;
			};
			read_check_settings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_checks: {
				Args: {
					summit: string | null;
					moves?: JsonArgument | null;
				};
				Returns: Json;
			};
			read_closing: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_commitment: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_committee: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_copied_edition: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_data_copy: {
				Args: {
					copy: string | null;
				};
				Returns: Json;
			};
			read_decision_batch: {
				Args: {
					batch: string | null;
				};
				Returns: Json;
			};
			read_delegation: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_desk: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_desk_registration: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			read_device_check: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_door_desk: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_draft: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_draft_session: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_duties: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_embed_origins: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_emergency_contact: {
				Args: {
					summit: string | null;
					reference: string | null;
				};
				Returns: Json;
			};
			read_encoders: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Json;
			};
			read_exchange_draft: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_figures: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_finance_order: {
				Args: {
					order_id: string | null;
				};
				Returns: Json;
			};
			read_group: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_group_page: {
				Args: {
					code: string | null;
					number?: number | null;
				};
				Returns: Json;
			};
			read_group_register: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_guardian: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			read_host_lists: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_impact_draft: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_impact_report: {
				Args: {
					summit: string | null;
					number?: number | null;
				};
				Returns: Json;
			};
			read_import: {
				Args: {
					import: string | null;
					outcomes?: readonly string[] | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			read_invitation: {
				Args: {
					token_hash: string | null;
				};
				Returns: Json;
			};
			read_invoice: {
				Args: {
					invoice: string | null;
				};
				Returns: Json;
			};
			read_journal: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_languages: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Json;
			};
			read_library_item: {
				Args: {
					code: string | null;
					number?: number | null;
				};
				Returns: Json;
			};
			read_library_work: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_listed_answers: {
				Args: {
					summit: string | null;
					registrations: readonly string[] | null;
					questions: readonly string[] | null;
				};
				Returns: Json;
			};
			read_live_changes: {
				Args: {
					summit: string | null;
					around?: string | null;
				};
				Returns: Json;
			};
			read_live_overview: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_logistics_answers: {
				Args: {
					summit: string | null;
					field: string | null;
				};
				Returns: Json;
			};
			read_logistics_overview: {
				Args: {
					summit: string | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			read_meeting: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_meeting_booth: {
				Args: {
					code: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_meeting_captioning: {
				Args: {
					code: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_meeting_captions: {
				Args: {
					code: string | null;
					language: string | null;
					after?: number | string | null;
				};
				Returns: Json;
			};
			read_meeting_poll: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_meeting_room: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_meeting_room_parts: {
				Args: {
					code: string | null;
					parts: readonly string[] | null;
					after?: string | null;
				};
				Returns: Json;
			};
			read_member: {
				Args: {
					summit: string | null;
					member: string | null;
				};
				Returns: Json;
			};
			read_member_import: {
				Args: {
					import: string | null;
					outcomes?: readonly string[] | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			read_member_page: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			read_move_options: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_my_desk_requests: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_my_meeting_work: { Args: never; Returns: Json };
			read_my_places: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_need: {
				Args: {
					summit: string | null;
					need: string | null;
				};
				Returns: Json;
			};
			read_on_call: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_on_the_day: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_order: {
				Args: {
					order_id: string | null;
				};
				Returns: Json;
			};
			read_own_availability: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Json;
			};
			read_page_draft: {
				Args: {
					summit: string | null;
					page: string | null;
				};
				Returns: Json;
			};
			read_pages: {
				Args: {
					summit: string | null;
					slugs: readonly string[] | null;
				};
				Returns: Json;
			};
			read_participation_defaults: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_passkeys: { Args: never; Returns: Json };
			read_payer_choices: {
				Args: {
					order_id: string | null;
				};
				Returns: Json;
			};
			read_places: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_pools: {
				Args: {
					summit: string | null;
					pool?: string | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			read_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Json;
			};
			read_proposal_invitation: {
				Args: {
					token_hash: string | null;
				};
				Returns: Json;
			};
			read_public_feed: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_public_room_screen: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Json;
			};
			read_register_origins: { Args: never; Returns: string[] };
			read_registration: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			read_reliability: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_review: {
				Args: {
					proposal: string | null;
				};
				Returns: Json;
			};
			read_reviewer_invitation: {
				Args: {
					token_hash: string | null;
				};
				Returns: Json;
			};
			read_reviews: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_room_equipment: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_run_booth: {
				Args: {
					run: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_run_room: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			read_schedule_facts: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_schedule_import: {
				Args: {
					import: string | null;
					outcomes?: readonly string[] | null;
					page_size?: number | null;
					page_start?: number | null;
				};
				Returns: Json;
			};
			read_seat_quotas: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_seat_settings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_selection: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_selection_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Json;
			};
			read_session: {
				Args: {
					summit: string | null;
					code: string | null;
				};
				Returns: Json;
			};
			read_session_camera: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_events: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_files: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_groups: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_invitation: {
				Args: {
					token_hash: string | null;
				};
				Returns: Json;
			};
			read_session_needs: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_origins: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			read_session_texts: {
				Args: {
					participation: string | null;
				};
				Returns: Json;
			};
			read_slides: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			read_speaker: {
				Args: {
					summit: string | null;
					code: string | null;
				};
				Returns: Json;
			};
			read_speaker_needs: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Json;
			};
			read_speaker_profile: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Json;
			};
			read_speaker_seats: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_speaker_settings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_stage: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Json;
			};
			read_stage_sidebar: {
				Args: {
					summit: string | null;
					room: string | null;
					run?: string | null;
				};
				Returns: Json;
			};
			read_summit: {
				Args: {
					slug: string | null;
				};
				Returns: Json;
			};
			read_survey: {
				Args: {
					summit: string | null;
					survey: string | null;
				};
				Returns: Json;
			};
			read_transcript: {
				Args: {
					summit: string | null;
					code: string | null;
					language: string | null;
				};
				Returns: Json;
			};
			read_transcript_lines: {
				Args: {
					session: string | null;
					language?: string | null;
					query?: string | null;
					page?: number | null;
				};
				Returns: Json;
			};
			read_unread_changes: {
				Args: {
					summit: string | null;
					visit?: boolean | null;
				};
				Returns: Json;
			};
			read_ward: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			read_ward_emergency_contact: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			read_watch_list: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			read_webhook: {
				Args: {
					summit: string | null;
					endpoint: string | null;
					state?: Database['public']['Enums']['webhook_state'] | null;
					row_limit?: number | null;
					row_offset?: number | null;
				};
				Returns: Json;
			};
			read_withdrawn_item: {
				Args: {
					code: string | null;
				};
				Returns: Json;
			};
			record_attendance: {
				Args: {
					code: string | null;
					version: number | null;
					present: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			record_badge_prints: {
				Args: {
					summit: string | null;
					badges: readonly string[] | null;
					layout: string | null;
				};
				Returns: number;
			};
			record_bank_payment: {
				Args: {
					order_id: string | null;
					amount: number | null;
					currency: string | null;
					booked_on: string | null;
					reference: string | null;
					note?: string | null;
				};
				Returns: Json;
			};
			record_group_decision: {
				Args: {
					code: string | null;
					wording: JsonArgument | null;
					decided_on: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			record_list_export: {
				Args: {
					summit: string | null;
					what: string | null;
					rows: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			record_manual_refund: {
				Args: {
					refund: string | null;
					booked_on: string | null;
					reference: string | null;
				};
				Returns: Database['public']['Domains']['manual_refund_status'];
			};
			record_meeting_decision: {
				Args: {
					code: string | null;
					wording: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			record_schedule_export: {
				Args: {
					summit: string | null;
					what: string | null;
					rows: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			recording_alarms: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			recording_captions: {
				Args: {
					summit: string | null;
					recording: string | null;
				};
				Returns: Json;
			};
			recording_of_run: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			refer_case: {
				Args: {
					this_case: string | null;
					duty: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			refund_order: {
				Args: {
					order_id: string | null;
					registration: string | null;
					amount: number | null;
					reason: string | null;
				};
				Returns: Json;
			};
			refuse_guardianship: {
				Args: {
					registration: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			refuse_member_request: {
				Args: {
					request: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['member_request_refusal_status'];
			};
			refuse_merge: {
				Args: {
					request: string | null;
				};
				Returns: Database['public']['Domains']['merge_refusal_status'];
			};
			refuse_nomination: {
				Args: {
					registration: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['nomination_refusal_status'];
			};
			refuse_role_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			register_walk_in: {
				Args: {
					summit: string | null;
					guest: JsonArgument | null;
				};
				Returns: Json;
			};
			reissue_badge: {
				Args: {
					registration: string | null;
					badge: string | null;
					reason: string | null;
				};
				Returns: Json;
			};
			reissue_printed_badges: {
				Args: {
					summit: string | null;
					badges: readonly string[] | null;
					reason: string | null;
				};
				Returns: string[];
			};
			release_decisions: {
				Args: {
					summit: string | null;
					ids?: readonly string[] | null;
				};
				Returns: Json;
			};
			release_figures: {
				Args: {
					summit: string | null;
					after: number | null;
					content: JsonArgument | null;
				};
				Returns: Json;
			};
			remind_reviewers: {
				Args: {
					summit: string | null;
				};
				Returns: number;
			};
			remind_speakers: {
				Args: {
					summit: string | null;
					people: readonly string[] | null;
				};
				Returns: Json;
			};
			remove_assistant: {
				Args: {
					acting: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_unknown'];
			};
			remove_commitment_file: {
				Args: {
					file: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_criterion: {
				Args: {
					summit: string | null;
					criterion: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_from_audience: {
				Args: {
					entry: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			remove_library_file: {
				Args: {
					file: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_meeting_paper: {
				Args: {
					code: string | null;
					paper: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_meeting_staff: {
				Args: {
					code: string | null;
					staff: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_passkey: {
				Args: {
					passkey: string | null;
				};
				Returns: Database['public']['Domains']['passkey_removal_status'];
			};
			remove_pool: {
				Args: {
					summit: string | null;
					pool: string | null;
				};
				Returns: Database['public']['Domains']['pool_removal_status'];
			};
			remove_portrait: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_proposal_person: {
				Args: {
					entry: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_session_file: {
				Args: {
					file: string | null;
				};
				Returns: Database['public']['Domains']['file_removal_status'];
			};
			remove_session_group: {
				Args: {
					session: string | null;
					code: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			remove_session_groups: {
				Args: {
					session: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			remove_session_person: {
				Args: {
					entry: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			remove_setting: {
				Args: {
					summit: string | null;
					table_name: string | null;
					row_id: string | null;
				};
				Returns: Database['public']['Domains']['setting_removal_status'];
			};
			remove_shift: {
				Args: {
					shift: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_transcript_line: {
				Args: {
					line: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			remove_vat_rate: {
				Args: {
					rate: string | null;
				};
				Returns: Database['public']['Domains']['vat_rate_status'];
			};
			remove_webhook: {
				Args: {
					endpoint: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			rename_passkey: {
				Args: {
					passkey: string | null;
					name: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			reopen_finding: {
				Args: {
					summit: string | null;
					fingerprint: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			replace_badge: {
				Args: {
					registration: string | null;
				};
				Returns: Json;
			};
			replay_failed_webhooks: {
				Args: {
					endpoint: string | null;
					since: string | null;
				};
				Returns: number;
			};
			replay_webhook: {
				Args: {
					delivery: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			report_commitment: {
				Args: {
					commitment: string | null;
					member: string | null;
					progress: Database['public']['Enums']['commitment_progress'] | null;
					value: number | string | null;
					body: JsonArgument | null;
					links?: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['commitment_report_status'];
			};
			request_checkout: {
				Args: {
					order_id: string | null;
				};
				Returns: Json;
			};
			request_data_copy: { Args: never; Returns: Database['public']['Domains']['copy_request_status'] };
			request_erasure: { Args: never; Returns: Database['public']['Domains']['erasure_request_status'] };
			request_host_list: {
				Args: {
					summit: string | null;
					purpose: string | null;
					recipient: string | null;
					fields: readonly string[] | null;
				};
				Returns: Json;
			};
			request_information: {
				Args: {
					registration: string | null;
					question: string | null;
					deadline: string | null;
				};
				Returns: Json;
			};
			request_invoice: {
				Args: {
					order_id: string | null;
					billing: JsonArgument | null;
					locale?: string | null;
				};
				Returns: Json;
			};
			request_merge: {
				Args: {
					keep: string | null;
					duplicate: string | null;
					reason: string | null;
				};
				Returns: Json;
			};
			request_to_join: {
				Args: {
					code: string | null;
					note: string | null;
				};
				Returns: Database['public']['Domains']['group_request_status'];
			};
			request_waiver: {
				Args: {
					order_id: string | null;
					registration: string | null;
					grounds: string | null;
					explanation: string | null;
				};
				Returns: Json;
			};
			rescan_file_version: {
				Args: {
					version: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			resend_invitation: {
				Args: {
					invitation: string | null;
					letter: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['invitation_resend_status'];
			};
			resend_proposal_invitation: {
				Args: {
					entry: string | null;
					letter: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['proposal_resend_status'];
			};
			reset_passkeys: {
				Args: {
					person: string | null;
					via: string | null;
				};
				Returns: Database['public']['Domains']['passkey_reset_status'];
			};
			resolve_door_conflict: {
				Args: {
					conflict: string | null;
					note: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			resolve_watch_list_match: {
				Args: {
					summit: string | null;
					match: string | null;
					same: boolean | null;
				};
				Returns: Database['public']['Domains']['watch_list_match_status'];
			};
			restore_file_version: {
				Args: {
					version: string | null;
				};
				Returns: Database['public']['Domains']['file_restore_status'];
			};
			restore_page_version: {
				Args: {
					page: string | null;
					number: number | null;
					revision: number | null;
				};
				Returns: Json;
			};
			retention_periods: {
				Args: {
					summit?: string | null;
				};
				Returns: Json;
			};
			retention_settings: {
				Args: {
					summit: string | null;
					for_all?: boolean | null;
				};
				Returns: Json;
			};
			retire_call_question: {
				Args: {
					summit: string | null;
					question: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			retire_logistics_field: {
				Args: {
					summit: string | null;
					field: string | null;
				};
				Returns: Database['public']['Domains']['field_retirement_status'];
			};
			retry_dead_mail: {
				Args: {
					summit: string | null;
				};
				Returns: number;
			};
			retry_mail: {
				Args: {
					mail: string | null;
				};
				Returns: Database['public']['Domains']['step_status'];
			};
			retry_refund: {
				Args: {
					refund: string | null;
				};
				Returns: Database['public']['Domains']['refund_status'];
			};
			reveal_speaker_needs: {
				Args: {
					summit: string | null;
					person: string | null;
				};
				Returns: Json;
			};
			revoke_api_key: {
				Args: {
					api_key: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			revoke_calendar_link: {
				Args: {
					summit: string | null;
				};
				Returns: undefined;
			};
			revoke_caption_token: {
				Args: {
					token: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			revoke_commitment_link: {
				Args: {
					commitment: string | null;
					member: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			revoke_door_device: {
				Args: {
					device: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			revoke_draft_preview: {
				Args: {
					preview: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			revoke_hall_codes: {
				Args: {
					summit: string | null;
					room: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			revoke_invitation: {
				Args: {
					invitation: string | null;
				};
				Returns: Database['public']['Domains']['invitation_end_status'];
			};
			revoke_late_link: {
				Args: {
					link: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			revoke_room_screen: {
				Args: {
					screen: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			rotate_webhook_secret: {
				Args: {
					endpoint: string | null;
					secret_sealed: string | null;
					key_id: string | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			save_account_codes: {
				Args: {
					summit: string | null;
					codes: JsonArgument | null;
				};
				Returns: Json;
			};
			save_accreditation_settings: {
				Args: {
					summit: string | null;
					settings: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_availability: {
				Args: {
					summit: string | null;
					person: string | null;
					zone: string | null;
					during: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_booth: {
				Args: {
					run: string | null;
					language: string | null;
					is_signed?: boolean | null;
					hint_minutes?: number | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			save_call: {
				Args: {
					summit: string | null;
					fields: JsonArgument | null;
					version?: number | null;
				};
				Returns: Database['public']['Domains']['call_status'];
			};
			save_call_question: {
				Args: {
					summit: string | null;
					question: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_campaign: {
				Args: {
					campaign: string | null;
					after: number | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_case: {
				Args: {
					this_case: string | null;
					version: number | null;
					severity: string | null;
					category: string | null;
					state: string | null;
					lead?: string | null;
				};
				Returns: Database['public']['Domains']['case_change_status'];
			};
			save_certificate_settings: {
				Args: {
					summit: string | null;
					settings: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_check_settings: {
				Args: {
					summit: string | null;
					severities: JsonArgument | null;
					limits: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_checkpoint: {
				Args: {
					summit: string | null;
					checkpoint: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_commitment: {
				Args: {
					commitment: string | null;
					summit: string | null;
					member: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_commitment_settings: {
				Args: {
					months: number | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_commitment_theme: {
				Args: {
					slug: string | null;
					name: JsonArgument | null;
					place: number | null;
					retired: boolean | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_criterion: {
				Args: {
					summit: string | null;
					criterion: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_device_check: {
				Args: {
					summit: string | null;
					outcome: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			save_embed_origins: {
				Args: {
					summit: string | null;
					origins: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_fee: {
				Args: {
					summit: string | null;
					fee: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_file_settings: {
				Args: {
					summit: string | null;
					due_at: string | null;
					slides_mb: number | null;
					handouts_mb: number | null;
					session_mb?: number | null;
					person_mb?: number | null;
					summit_gb?: number | null;
				};
				Returns: Database['public']['Domains']['deadline_save_status'];
			};
			save_group_message: {
				Args: {
					summit: string | null;
					message: string | null;
					after: number | null;
					filters: JsonArgument | null;
					texts: JsonArgument | null;
					original: string | null;
					page: string | null;
					form?: string | null;
				};
				Returns: Json;
			};
			save_group_page: {
				Args: {
					code: string | null;
					page: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_impact_draft: {
				Args: {
					summit: string | null;
					version: number | null;
					changes: JsonArgument | null;
				};
				Returns: Json;
			};
			save_interpreter_languages: {
				Args: {
					summit: string | null;
					person: string | null;
					pairs: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_library_item: {
				Args: {
					item: string | null;
					revision: number | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_list_view: {
				Args: {
					summit: string | null;
					list: string | null;
					name: string | null;
					query: string | null;
				};
				Returns: Database['public']['Domains']['list_view_status'];
			};
			save_logistics_answers: {
				Args: {
					registration: string | null;
					answers: JsonArgument | null;
					shown?: string | null;
				};
				Returns: Json;
			};
			save_logistics_field: {
				Args: {
					summit: string | null;
					field: JsonArgument | null;
				};
				Returns: Json;
			};
			save_mail_rate: {
				Args: {
					summit: string | null;
					rate: number | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_mail_text: {
				Args: {
					summit: string | null;
					template: string | null;
					locale: string | null;
					after: number | null;
					subject?: string | null;
					body?: string | null;
				};
				Returns: Json;
			};
			save_meeting_item: {
				Args: {
					code: string | null;
					item: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			save_member: {
				Args: {
					summit: string | null;
					member: string | null;
					version: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_minutes: {
				Args: {
					code: string | null;
					version: number | null;
					body: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['minutes_status'];
			};
			save_money_settings: {
				Args: {
					summit: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_need: {
				Args: {
					summit: string | null;
					need: string | null;
					changes: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['need_status'];
			};
			save_news_choice: {
				Args: {
					gets_news: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			save_no_photo_area: {
				Args: {
					session: string | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_on_call: {
				Args: {
					summit: string | null;
					minutes: number | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_on_call_phone: {
				Args: {
					summit: string | null;
					number_sealed?: string | null;
					key_id?: string | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_own_answers: {
				Args: {
					proposal: string | null;
					answers: JsonArgument | null;
				};
				Returns: Json;
			};
			save_page: {
				Args: {
					page: string | null;
					revision: number | null;
					draft: JsonArgument | null;
				};
				Returns: Json;
			};
			save_page_place: {
				Args: {
					page: string | null;
					slug: string | null;
					place: string | null;
				};
				Returns: Database['public']['Domains']['page_place_status'];
			};
			save_page_text: {
				Args: {
					summit: string | null;
					kind: string | null;
					body: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_participation_consents: {
				Args: {
					participation: string | null;
					live: boolean | null;
					record: boolean | null;
					publish: boolean | null;
					photo: boolean | null;
				};
				Returns: Database['public']['Domains']['participation_consent_status'];
			};
			save_participation_defaults: {
				Args: {
					summit: string | null;
					approve_first: boolean | null;
					chat: string | null;
					slow_seconds: number | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			save_participation_settings: {
				Args: {
					session: string | null;
					settings: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['edit_status'];
			};
			save_pool: {
				Args: {
					summit: string | null;
					pool: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_portrait: {
				Args: {
					summit: string | null;
					person: string | null;
					portrait: string | null;
					large: string | null;
					small: string | null;
				};
				Returns: Database['public']['Domains']['portrait_status'];
			};
			save_preferences: {
				Args: {
					locale: string | null;
					time_zone: string | null;
				};
				Returns: Database['public']['Domains']['preferences_status'];
			};
			save_proposal: {
				Args: {
					proposal: string | null;
					fields: JsonArgument | null;
					version: number | null;
				};
				Returns: Json;
			};
			save_push_subscription: {
				Args: {
					endpoint: string | null;
					p256dh: string | null;
					auth: string | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_recovery_codes: {
				Args: {
					hashes: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['recovery_codes_status'];
			};
			save_register_origins: {
				Args: {
					origins: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_registration_steps: {
				Args: {
					summit: string | null;
					writes: JsonArgument | null;
					send?: boolean | null;
				};
				Returns: Json;
			};
			save_reveal_contact: {
				Args: {
					contact: Database['public']['Domains']['reveal_contact'] | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_review: {
				Args: {
					proposal: string | null;
					scores: JsonArgument | null;
					comment: string | null;
					send: boolean | null;
					version?: number | null;
				};
				Returns: Json;
			};
			save_reviewer: {
				Args: {
					summit: string | null;
					person: string | null;
					tracks?: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['reviewer_status'];
			};
			save_room_equipment: {
				Args: {
					summit: string | null;
					facts: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_seat_settings: {
				Args: {
					summit: string | null;
					rules: JsonArgument | null;
				};
				Returns: Json;
			};
			save_sent_steps: {
				Args: {
					registration: string | null;
					writes: JsonArgument | null;
				};
				Returns: Json;
			};
			save_session: {
				Args: {
					summit: string | null;
					session: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_session_needs: {
				Args: {
					session: string | null;
					needs: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_session_texts: {
				Args: {
					participation: string | null;
					texts: JsonArgument | null;
					version: number | null;
				};
				Returns: Json;
			};
			save_session_timer: {
				Args: {
					session: string | null;
					starts_automatically: boolean | null;
					auto_end_minutes: number | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			save_setting: {
				Args: {
					summit: string | null;
					table_name: string | null;
					row_id: string | null;
					fields: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['setting_status'];
			};
			save_side_event: {
				Args: {
					summit: string | null;
					member: string | null;
					side_event: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['side_event_status'];
			};
			save_smallest_group: {
				Args: {
					summit: string | null;
					smallest: number | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_speaker_needs: {
				Args: {
					summit: string | null;
					person: string | null;
					needs: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['speaker_needs_status'];
			};
			save_speaker_profile: {
				Args: {
					summit: string | null;
					person: string | null;
					fields: JsonArgument | null;
					version: string | null;
				};
				Returns: Json;
			};
			save_speaker_settings: {
				Args: {
					summit: string | null;
					settings: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['deadline_save_status'];
			};
			save_summit: {
				Args: {
					summit: string | null;
					settings: JsonArgument | null;
				};
				Returns: Json;
			};
			save_summit_text: {
				Args: {
					summit: string | null;
					kind: string | null;
					body: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_survey: {
				Args: {
					summit: string | null;
					survey: string | null;
					version: number | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_survey_question: {
				Args: {
					survey: string | null;
					question: JsonArgument | null;
					version?: number | null;
				};
				Returns: Database['public']['Domains']['survey_edit_status'];
			};
			save_vat_rate: {
				Args: {
					summit: string | null;
					rate: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			save_visa_letter_settings: {
				Args: {
					summit: string | null;
					settings: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['save_status'];
			};
			save_waiver_budget: {
				Args: {
					summit: string | null;
					currency: string | null;
					amount: number | string | null;
				};
				Returns: Database['public']['Domains']['waiver_budget_status'];
			};
			save_walking_time: {
				Args: {
					summit: string | null;
					one: string | null;
					other: string | null;
					minutes: number | null;
				};
				Returns: Database['public']['Domains']['room_save_status'];
			};
			save_watching: {
				Args: {
					recording: string | null;
					played: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['watching_status'];
			};
			search_library: {
				Args: {
					question: string | null;
					choice?: JsonArgument | null;
					shown_in?: string | null;
					page?: number | null;
				};
				Returns: Json;
			};
			search_members: {
				Args: {
					summit: string | null;
					query?: string | null;
					countries?: readonly string[] | null;
					most?: number | null;
				};
				Returns: Json;
			};
			seat_in_booth: {
				Args: {
					run: string | null;
					language: string | null;
					person: string | null;
					seated: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			seats_left: {
				Args: {
					summit: string | null;
					member?: string | null;
				};
				Returns: Json;
			};
			send_backstage_message: {
				Args: {
					run: string | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['backstage_message_status'];
			};
			send_booth_heartbeat: {
				Args: {
					run: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			send_booth_message: {
				Args: {
					run: string | null;
					language: string | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['booth_message_status'];
			};
			send_campaign_test: {
				Args: {
					campaign: string | null;
				};
				Returns: Database['public']['Domains']['campaign_test_status'];
			};
			send_group_message: {
				Args: {
					message: string | null;
					after: number | null;
					expected: number | null;
					anyway?: boolean | null;
				};
				Returns: Json;
			};
			send_group_notice: {
				Args: {
					code: string | null;
					once: string | null;
					subject: JsonArgument | null;
					body: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['group_notice_status'];
			};
			send_mail_test: {
				Args: {
					summit: string | null;
					template: string | null;
					locale: string | null;
					wording: JsonArgument | null;
					combination?: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['mail_test_status'];
			};
			send_meeting_booth_message: {
				Args: {
					code: string | null;
					language: string | null;
					words: string | null;
				};
				Returns: Database['public']['Domains']['booth_message_status'];
			};
			send_message: {
				Args: {
					run: string | null;
					body: string | null;
				};
				Returns: Database['public']['Domains']['message_status'];
			};
			session_recordings: {
				Args: {
					session: string | null;
				};
				Returns: Json;
			};
			set_agenda_notifications: {
				Args: {
					how: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			set_badge_question: {
				Args: {
					summit: string | null;
					field?: string | null;
				};
				Returns: Database['public']['Domains']['badge_question_status'];
			};
			set_booth_consent: {
				Args: {
					run: string | null;
					agrees: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			set_countdown: {
				Args: {
					run: string | null;
					seconds?: number | null;
				};
				Returns: Database['public']['Domains']['countdown_status'];
			};
			set_group_action_done: {
				Args: {
					action: string | null;
					is_done: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			set_group_member: {
				Args: {
					code: string | null;
					member: string | null;
					is_in: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			set_large_audience: {
				Args: {
					run: string | null;
					is_on: boolean | null;
				};
				Returns: Database['public']['Domains']['large_audience_status'];
			};
			set_meeting_room_lock: {
				Args: {
					code: string | null;
					locked: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			set_no_fees: {
				Args: {
					summit: string | null;
					has_no_fees: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			set_on_stage: {
				Args: {
					run: string | null;
					person: string | null;
					on_stage: boolean | null;
				};
				Returns: Database['public']['Domains']['on_stage_status'];
			};
			set_poll_state: {
				Args: {
					poll: string | null;
					state: string | null;
				};
				Returns: Database['public']['Domains']['poll_state_status'];
			};
			set_question_state: {
				Args: {
					question: string | null;
					state: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			set_retention_period: {
				Args: {
					summit: string | null;
					class: string | null;
					days: number | null;
					confirmed?: boolean | null;
				};
				Returns: Json;
			};
			set_run_state: {
				Args: {
					run: string | null;
					state: Database['public']['Enums']['run_state'] | null;
				};
				Returns: Database['public']['Domains']['run_state_status'];
			};
			set_session_places: {
				Args: {
					session: string | null;
					hall: number | null;
					online: number | null;
					closes_at?: string | null;
					enforced_at_entry?: string | null;
				};
				Returns: Json;
			};
			set_spotlight: {
				Args: {
					run: string | null;
					person?: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			set_stage_layout: {
				Args: {
					run: string | null;
					layout: Database['public']['Enums']['stage_layout'] | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			set_summit_state: {
				Args: {
					summit: string | null;
					state: Database['public']['Enums']['summit_state'] | null;
					accepted?: readonly string[] | null;
				};
				Returns: Json;
			};
			set_ward_consent: {
				Args: {
					registration: string | null;
					item: string | null;
					given: boolean | null;
				};
				Returns: Database['public']['Domains']['ward_consent_status'];
			};
			set_ward_photographs: {
				Args: {
					registration: string | null;
					forbidden: boolean | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			set_watch_counting: {
				Args: {
					summit: string | null;
					counts: boolean | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			share_meeting_screen: {
				Args: {
					code: string | null;
					shares: boolean | null;
					participant?: string | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			show_poll: {
				Args: {
					run: string | null;
					poll?: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			show_revealed_name: {
				Args: {
					reveal: string | null;
				};
				Returns: Json;
			};
			sign_up: {
				Args: {
					session: string | null;
					channel: string | null;
				};
				Returns: Json;
			};
			split_bank_row: {
				Args: {
					bank_row: string | null;
					parts: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['bank_split_status'];
			};
			split_order: {
				Args: {
					order_id: string | null;
				};
				Returns: Json;
			};
			start_breakouts: {
				Args: {
					code: string | null;
					rooms: number | null;
					minutes: number | null;
					evenly?: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			start_campaign: {
				Args: {
					campaign: string | null;
					after: number | null;
					expected: number | null;
					send_at?: string | null;
					anyway?: boolean | null;
				};
				Returns: Json;
			};
			start_proposal: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			start_recording: {
				Args: {
					run: string | null;
				};
				Returns: Json;
			};
			start_speaker_registration: {
				Args: {
					summit: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			step_library_item: {
				Args: {
					item: string | null;
					revision: number | null;
					step: Database['public']['Enums']['library_step'] | null;
					reason?: string | null;
				};
				Returns: Database['public']['Domains']['library_step_status'];
			};
			stop_erasure: { Args: never; Returns: Database['public']['Domains']['ok_or_none'] };
			stop_recording: {
				Args: {
					run: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			submit_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Json;
			};
			suggest_co_speaker: {
				Args: {
					participation: string | null;
					wanted: Database['public']['Enums']['session_role'] | null;
					address: JsonArgument | null;
					display_name: string | null;
					note?: string | null;
				};
				Returns: Database['public']['Domains']['co_speaker_status'];
			};
			suggest_merges: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			switch_meeting_camera: {
				Args: {
					code: string | null;
					sends: boolean | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			switch_mode: {
				Args: {
					registration: string | null;
					mode: Database['public']['Enums']['attendance_mode'] | null;
					keep_place?: boolean | null;
				};
				Returns: Json;
			};
			take_booth: {
				Args: {
					run: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['booth_status'];
			};
			take_host_list: {
				Args: {
					summit: string | null;
					list: string | null;
				};
				Returns: Json;
			};
			take_meeting_booth: {
				Args: {
					code: string | null;
					language: string | null;
				};
				Returns: Database['public']['Domains']['booth_status'];
			};
			take_survey_token: {
				Args: {
					collection: string | null;
					blinded_hash: string | null;
				};
				Returns: Database['public']['Domains']['survey_answer_status'];
			};
			takes_feedback: {
				Args: {
					summit: string | null;
				};
				Returns: boolean;
			};
			transfer_seat_by_invitation: {
				Args: {
					registration: string | null;
					letter: JsonArgument | null;
				};
				Returns: Json;
			};
			transfer_seat_to_colleague: {
				Args: {
					registration: string | null;
					colleague: string | null;
				};
				Returns: Database['public']['Domains']['seat_transfer_status'];
			};
			trim_recording: {
				Args: {
					recording: string | null;
					from_ms: number | null;
					until_ms: number | null;
				};
				Returns: Database['public']['Domains']['recording_trim_status'];
			};
			turn_slide: {
				Args: {
					run: string | null;
					page: number | null;
				};
				Returns: Database['public']['Domains']['run_change_status'];
			};
			unassign_reviewer: {
				Args: {
					proposal: string | null;
					person: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			undo_act: {
				Args: {
					summit: string | null;
					act: string | null;
				};
				Returns: Database['public']['Domains']['undo_status'];
			};
			undo_or_redo_placement: {
				Args: {
					summit: string | null;
					forward: boolean | null;
				};
				Returns: Json;
			};
			undo_recording_trim: {
				Args: {
					recording: string | null;
				};
				Returns: Database['public']['Domains']['recording_trim_undo_status'];
			};
			undo_scan: {
				Args: {
					summit: string | null;
					scan: string | null;
				};
				Returns: Database['public']['Domains']['scan_undo_status'];
			};
			unpublish_page: {
				Args: {
					page: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			unschedule_commitment: {
				Args: {
					commitment: string | null;
					version: number | null;
				};
				Returns: Database['public']['Domains']['commitment_step_status'];
			};
			unsplit_bank_row: {
				Args: {
					bank_row: string | null;
				};
				Returns: Database['public']['Domains']['switch_status'];
			};
			up_next: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			update_my_details: {
				Args: {
					registration: string | null;
					fields: JsonArgument | null;
				};
				Returns: Json;
			};
			update_status_notice: {
				Args: {
					notice: string | null;
					once: string | null;
					new_stage: string | null;
					texts: JsonArgument | null;
				};
				Returns: Database['private']['Domains']['status_update_status'];
			};
			update_watch_list_entry: {
				Args: {
					summit: string | null;
					entry: string | null;
					action: string | null;
				};
				Returns: Database['public']['Domains']['second_person_status'];
			};
			use_late_link: {
				Args: {
					summit: string | null;
					token_hash: string | null;
				};
				Returns: Database['public']['Domains']['late_link_use_status'];
			};
			use_recovery_code: {
				Args: {
					code_hash: string | null;
				};
				Returns: Database['public']['Domains']['recovery_status'];
			};
			verify_commitment_report: {
				Args: {
					report: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			vote_for_question: {
				Args: {
					question: string | null;
					up: boolean | null;
				};
				Returns: Database['public']['Domains']['question_vote_status'];
			};
			vote_in_poll: {
				Args: {
					poll: string | null;
					options: readonly string[] | null;
				};
				Returns: Database['public']['Domains']['poll_vote_status'];
			};
			vote_on_times: {
				Args: {
					code: string | null;
					votes: JsonArgument | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			watch_settings: {
				Args: {
					summit: string | null;
				};
				Returns: Json;
			};
			who_am_i: { Args: never; Returns: Json };
			withdraw_announcement: {
				Args: {
					announcement: string | null;
				};
				Returns: Database['public']['Domains']['switch_status'];
			};
			withdraw_booth_consent: {
				Args: {
					session: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_already'];
			};
			withdraw_co_speaker: {
				Args: {
					suggestion: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_commitment: {
				Args: {
					commitment: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['commitment_step_status'];
			};
			withdraw_file_version: {
				Args: {
					version: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_floor_consent: {
				Args: {
					session: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_already'];
			};
			withdraw_focal_invitation: {
				Args: {
					invitation: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_group_decision: {
				Args: {
					decision: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			withdraw_group_invitation: {
				Args: {
					invitation: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_join_request: {
				Args: {
					code: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_proposal: {
				Args: {
					proposal: string | null;
				};
				Returns: Database['public']['Domains']['proposal_withdrawal_status'];
			};
			withdraw_question: {
				Args: {
					question: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_registration: {
				Args: {
					registration: string | null;
					reason?: string | null;
				};
				Returns: Json;
			};
			withdraw_reveal: {
				Args: {
					reveal: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_none'];
			};
			withdraw_reviewer_invitation: {
				Args: {
					invitation: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			withdraw_role_invitation: {
				Args: {
					invitation: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_allowed'];
			};
			withdraw_session_texts: {
				Args: {
					participation: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_side_event: {
				Args: {
					side_event: string | null;
				};
				Returns: Database['public']['Domains']['ok_or_not_found'];
			};
			withdraw_stage_announcement: {
				Args: {
					run: string | null;
				};
				Returns: Database['public']['Domains']['change_status'];
			};
			withdraw_waiver: {
				Args: {
					request: string | null;
				};
				Returns: Database['public']['Domains']['step_status'];
			};
			write_caption: {
				Args: {
					run: string | null;
					language: string | null;
					words: string | null;
					took?: number | null;
				};
				Returns: Json;
			};
			write_meeting_caption: {
				Args: {
					code: string | null;
					language: string | null;
					words: string | null;
				};
				Returns: Json;
			};
			write_meeting_message: {
				Args: {
					code: string | null;
					words: string | null;
					everywhere?: boolean | null;
					room?: number | null;
				};
				Returns: Database['public']['Domains']['meeting_status'];
			};
			write_off_order: {
				Args: {
					order_id: string | null;
					reason: string | null;
				};
				Returns: Database['public']['Domains']['write_off_status'];
			};
		};
		Enums: {
			access_channel: 'door' | 'stream';
			account_relation: 'self' | 'assistant';
			adjustment_kind:
				'payment' | 'refund' | 'waiver' | 'credit' | 'dispute' | 'dispute_won' | 'cancellation' | 'write_off';
			announcement_audience: 'everyone' | 'mode' | 'language' | 'room' | 'session' | 'session_people';
			api_scope:
				| 'agenda'
				| 'sessions'
				| 'speakers'
				| 'commitments'
				| 'documents'
				| 'members'
				| 'registrations'
				| 'presence'
				| 'registration_rows'
				| 'presence_rows'
				| 'check_in';
			attendance_mode: 'in_person' | 'virtual';
			bank_row_state: 'open' | 'applied' | 'linked' | 'set_aside' | 'divided' | 'returned';
			campaign_kind: 'service' | 'news';
			campaign_state: 'draft' | 'scheduled' | 'sending' | 'sent' | 'cancelled';
			checkout_state: 'requested' | 'open' | 'processing' | 'paid' | 'expired' | 'failed';
			checkpoint_kind: 'entrance' | 'room' | 'session' | 'meal' | 'other';
			commitment_audience: 'public' | 'members';
			commitment_progress: 'on_track' | 'at_risk' | 'delivered';
			commitment_state: 'draft' | 'asked' | 'agreed' | 'checked' | 'announced' | 'withdrawn';
			commitment_step: 'asked' | 'agreed' | 'sent_back' | 'checked' | 'announced' | 'unscheduled' | 'withdrawn';
			confidentiality: 'public' | 'members' | 'chatham_house' | 'closed';
			file_kind: 'slides' | 'handout';
			file_publication: 'stage' | 'session';
			group_level: 'public' | 'members' | 'closed';
			group_part: 'chair' | 'secretary' | 'member' | 'alternate';
			hand_place: 'hall' | 'home';
			invoice_kind: 'invoice' | 'credit_note';
			library_kind: 'assessment' | 'model' | 'briefing' | 'toolkit' | 'report' | 'minutes' | 'presentation' | 'other';
			library_level: 'public' | 'members' | 'group';
			library_licence: 'cc_by' | 'cc_by_sa' | 'cc_by_nc' | 'cc_by_nc_nd' | 'cc0' | 'all_rights_reserved';
			library_state: 'draft' | 'submitted' | 'reviewed' | 'published' | 'withdrawn';
			library_step: 'submitted' | 'recalled' | 'sent_back' | 'reviewed' | 'published' | 'withdrawn';
			mail_state: 'queued' | 'sending' | 'sent' | 'dead' | 'held';
			meeting_answer: 'yes' | 'no' | 'alternate';
			meeting_poll_state: 'open' | 'chosen' | 'closed';
			meeting_staff_part: 'interpreter' | 'captioner';
			meeting_staff_state: 'invited' | 'accepted' | 'declined';
			meeting_state: 'planned' | 'held' | 'cancelled';
			minutes_state: 'draft' | 'comments' | 'approved';
			organiser_role:
				'programme' | 'registration' | 'finance' | 'stage' | 'door' | 'safeguarding' | 'owner' | 'community';
			participation_state: 'invited' | 'confirmed' | 'declined';
			presence_kind: 'door' | 'stream';
			proposal_state: 'draft' | 'submitted' | 'withdrawn';
			protection_kind: 'alias' | 'talk_first';
			queue_reason: 'capacity' | 'allocation' | 'ceiling' | 'others_wait';
			queue_state: 'waiting' | 'offered' | 'served' | 'lapsed' | 'left';
			recording_state: 'wanted' | 'running' | 'paused' | 'stopped' | 'ready' | 'failed' | 'sealed';
			refund_state: 'due' | 'sent' | 'done' | 'failed' | 'cancelled';
			registration_category:
				'delegate' | 'speaker' | 'guest' | 'staff' | 'crew' | 'interpreter' | 'press' | 'security' | 'guardian';
			registration_state:
				| 'draft'
				| 'submitted'
				| 'nominated'
				| 'accredited'
				| 'awaiting_payment'
				| 'confirmed'
				| 'declined'
				| 'withdrawn'
				| 'expired';
			role_invitation_state: 'open' | 'accepted' | 'declined' | 'withdrawn';
			room_kind: 'hall' | 'overflow' | 'online';
			run_state: 'waiting' | 'live' | 'paused' | 'ended';
			scan_state: 'waiting' | 'clean' | 'unscanned' | 'refused' | 'failed';
			seat_state: 'held' | 'taken' | 'released';
			sector: 'government' | 'intergovernmental' | 'civil_society' | 'private_sector';
			session_attendance: 'hall_and_online' | 'hall' | 'online';
			session_audience: 'everyone' | 'registered' | 'listed';
			session_role: 'speaker' | 'chair' | 'moderator' | 'respondent' | 'interpreter' | 'captioner';
			session_state: 'draft' | 'confirmed' | 'cancelled';
			side_event_state: 'requested' | 'change_asked' | 'accepted' | 'declined' | 'withdrawn';
			stage_format: 'stage' | 'meeting';
			stage_layout: 'speaker' | 'panel' | 'slides';
			stage_role: 'host' | 'speaker' | 'interpreter' | 'captioner' | 'manager' | 'viewer';
			standing: 'active' | 'observer' | 'suspended' | 'left';
			summit_state: 'draft' | 'open' | 'live' | 'closed' | 'archived';
			survey_kind: 'session' | 'summit' | 'follow_up';
			survey_question_kind: 'scale' | 'choice' | 'choices' | 'yes_no' | 'number' | 'text';
			time_vote: 'yes' | 'if_needed' | 'no';
			webhook_fault: 'name' | 'address' | 'refused' | 'tls' | 'timeout' | 'protocol' | 'secret';
			webhook_kind:
				| 'registration.submitted'
				| 'registration.nominated'
				| 'registration.accredited'
				| 'registration.awaiting_payment'
				| 'registration.confirmed'
				| 'registration.declined'
				| 'registration.withdrawn'
				| 'registration.expired'
				| 'registration.mode_changed'
				| 'registration.category_changed'
				| 'accreditation.question_asked'
				| 'accreditation.question_answered'
				| 'queue.joined'
				| 'queue.offered'
				| 'letter.issued'
				| 'letter.withdrawn'
				| 'member.added'
				| 'member.standing_changed'
				| 'member.requested'
				| 'focal_point.added'
				| 'order.created'
				| 'payment.received'
				| 'payment.disputed'
				| 'refund.decided'
				| 'refund.completed'
				| 'refund.failed'
				| 'invoice.issued'
				| 'credit_note.issued'
				| 'waiver.requested'
				| 'waiver.decided'
				| 'badge.issued'
				| 'badge.revoked'
				| 'check_in.entered'
				| 'check_in.left'
				| 'check_in.undone'
				| 'agenda.released'
				| 'session.added'
				| 'session.changed'
				| 'session.cancelled'
				| 'proposal.submitted'
				| 'proposal.withdrawn'
				| 'proposal.decided'
				| 'side_event.requested'
				| 'side_event.decided'
				| 'speaker.invited'
				| 'speaker.confirmed'
				| 'speaker.declined'
				| 'speaker.removed'
				| 'session.live'
				| 'session.ended'
				| 'recording.published'
				| 'recording.withdrawn'
				| 'announcement.sent'
				| 'page.published'
				| 'session_file.published'
				| 'document.published'
				| 'commitment.announced'
				| 'commitment.withdrawn'
				| 'commitment.reported'
				| 'survey.published'
				| 'figures.released'
				| 'impact_report.released'
				| 'summit.opened'
				| 'summit.live'
				| 'summit.closed'
				| 'summit.archived'
				| 'webhook.test';
			webhook_pause: 'by_hand' | 'failing' | 'gone';
			webhook_state: 'waiting' | 'delivered' | 'failed';
		};
		Domains: {
			acceptance_status: 'ok' | 'not_allowed' | 'invalid' | 'changed' | 'blocking';
			advance_question_status: 'ok' | 'already' | 'limited' | 'invalid' | 'not_found' | 'no_entry' | 'begun' | 'off';
			api_key_status: 'ok' | 'not_allowed' | 'invalid' | 'too_many';
			audience_status: 'ok' | 'already' | 'not_allowed' | 'unknown';
			backstage_message_status: 'ok' | 'not_found' | 'too_long' | 'too_often';
			badge_question_status: 'ok' | 'not_allowed' | 'unsuitable' | 'answered';
			bank_ignore_status: 'ok' | 'not_allowed' | 'already' | 'reason_needed';
			bank_split_status:
				'ok' | 'not_allowed' | 'already' | 'parts' | 'sum' | 'unknown_order' | 'same_order' | 'currency';
			bar_status: 'ok' | 'already' | 'not_found' | 'not_allowed';
			booth_message_status: 'ok' | 'not_found' | 'invalid' | 'too_often';
			booth_status: 'ok' | 'already' | 'not_found' | 'on_stage' | 'busy';
			call_status: 'ok' | 'not_allowed' | 'invalid' | 'conflict' | 'late';
			campaign_act_status: 'ok' | 'not_found' | 'wrong_state';
			campaign_test_status: 'ok' | 'not_found' | 'too_many';
			caption_token_status: 'ok' | 'not_found' | 'invalid' | 'not_at_this_level';
			case_act_status: 'ok' | 'already' | 'not_found' | 'not_lead' | 'not_possible' | 'not_allowed' | 'invalid';
			case_change_status: 'ok' | 'changed' | 'not_found' | 'invalid';
			case_entry_status: 'ok' | 'already' | 'not_found' | 'invalid';
			certificate_end_status: 'ok' | 'not_found' | 'reason_needed';
			change_status: 'ok' | 'already' | 'not_found';
			co_speaker_decision_status: 'ok' | 'not_found' | 'limited' | 'cancelled';
			co_speaker_status: 'ok' | 'not_found' | 'invalid' | 'limited' | 'closed';
			commitment_answer_status: 'ok' | 'over' | 'reason_needed' | 'invalid';
			commitment_report_status: 'ok' | 'not_found' | 'invalid' | 'not_announced' | 'limited';
			commitment_step_status: 'ok' | 'not_found' | 'invalid' | 'conflict' | 'wrong_state' | 'reason_needed' | 'limited';
			concern_answer_status: 'ok' | 'already' | 'not_found' | 'no_code';
			copy_request_status: 'ok' | 'confirm_first' | 'too_many' | 'not_allowed';
			countdown_status: 'ok' | 'not_found' | 'not_possible';
			deadline_save_status: 'ok' | 'not_allowed' | 'invalid' | 'late';
			discussion_status: 'ok' | 'not_found' | 'invalid' | 'limited';
			edit_status: 'ok' | 'not_found' | 'invalid';
			entry_status:
				| 'ok'
				| 'not_seen'
				| 'barred'
				| 'sign_in'
				| 'not_registered'
				| 'not_listed'
				| 'virtual_at_door'
				| 'hall_only'
				| 'online_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			erasure_request_status: 'ok' | 'already' | 'has_role' | 'not_allowed';
			field_retirement_status: 'ok' | 'not_found' | 'needed';
			file_removal_status: 'ok' | 'not_found' | 'held';
			file_restore_status: 'ok' | 'not_found' | 'refused';
			focal_invitation_status: 'ok' | 'not_allowed' | 'not_found' | 'invalid' | 'limited';
			group_change_status: 'ok' | 'not_found' | 'invalid' | 'conflict';
			group_notice_status: 'ok' | 'not_found' | 'invalid' | 'limited';
			group_page_status: 'ok' | 'not_found' | 'conflict';
			group_person_status: 'ok' | 'not_found' | 'invalid' | 'last_leader';
			group_request_status: 'ok' | 'already' | 'not_found' | 'not_open';
			guardian_consent_status: 'ok' | 'not_found' | 'already' | 'register_first';
			guardian_naming_status: 'ok' | 'not_found' | 'invalid' | 'limited';
			hand_call_status: 'ok' | 'already' | 'gone' | 'guardian' | 'not_found';
			hand_status:
				| 'ok'
				| 'already'
				| 'closed'
				| 'on_stage'
				| 'too_soon'
				| 'guardian'
				| 'not_found'
				| 'over'
				| 'sign_in'
				| 'barred'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			impact_completion_status: 'ok' | 'stale' | 'changed';
			impact_edit_status: 'ok' | 'not_found' | 'invalid' | 'conflict';
			impact_release_status: 'ok' | 'not_found' | 'invalid' | 'conflict' | 'stale' | 'wrong_state';
			import_mapping_status: 'ok' | 'not_found' | 'invalid' | 'applied';
			information_answer_status: 'ok' | 'not_found' | 'invalid' | 'wrong_state';
			invitation_end_status: 'ok' | 'not_found' | 'wrong_state';
			invitation_resend_status: 'ok' | 'not_found' | 'invalid' | 'limited' | 'closed' | 'wrong_state';
			invitation_status: 'ok' | 'not_allowed' | 'invalid' | 'limited';
			large_audience_status: 'ok' | 'already' | 'not_found' | 'level' | 'ended';
			late_link_status: 'ok' | 'not_allowed' | 'invalid' | 'limited' | 'late';
			late_link_use_status: 'ok' | 'not_found' | 'expired' | 'revoked' | 'used';
			legal_hold_status: 'ok' | 'not_allowed' | 'invalid' | 'unknown';
			library_step_status:
				| 'ok'
				| 'not_found'
				| 'invalid'
				| 'conflict'
				| 'wrong_state'
				| 'reason_needed'
				| 'own'
				| 'no_file'
				| 'not_allowed';
			list_view_status: 'ok' | 'invalid' | 'full' | 'not_allowed';
			mail_bounce_status: 'ok' | 'unknown';
			mail_test_status: 'ok' | 'not_allowed' | 'invalid' | 'too_many';
			manual_refund_status: 'ok' | 'not_allowed' | 'own' | 'wrong_state' | 'invalid';
			meeting_staff_status: 'ok' | 'not_found' | 'invalid' | 'limited' | 'wrong_state';
			meeting_status: 'ok' | 'not_found' | 'invalid' | 'conflict' | 'wrong_state';
			meeting_work_status: 'ok' | 'not_found' | 'conflict';
			member_request_link_status: 'ok' | 'not_allowed' | 'wrong_state' | 'unknown_member';
			member_request_refusal_status:
				'ok' | 'not_allowed' | 'wrong_state' | 'reason_needed' | 'proposed' | 'proposal_open';
			merge_refusal_status: 'ok' | 'not_allowed' | 'unknown';
			merge_status:
				| 'ok'
				| 'not_allowed'
				| 'unknown'
				| 'second_person_needed'
				| 'owner_needed'
				| 'lead_needed'
				| 'protected'
				| 'both_registered';
			message_status:
				| 'ok'
				| 'invalid'
				| 'too_long'
				| 'too_soon'
				| 'off'
				| 'people'
				| 'minor'
				| 'muted'
				| 'not_found'
				| 'over'
				| 'sign_in'
				| 'barred'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			minutes_status: 'ok' | 'not_found' | 'invalid' | 'conflict' | 'wrong_state' | 'too_early';
			name_correction_status: 'ok' | 'not_allowed' | 'invalid' | 'protected' | 'frozen';
			need_status: 'ok' | 'not_found' | 'invalid' | 'conflict' | 'note_needed';
			nomination_refusal_status: 'ok' | 'not_found' | 'reason_needed' | 'wrong_state';
			ok_or_already: 'ok' | 'already';
			ok_or_none: 'ok' | 'none';
			ok_or_not_allowed: 'ok' | 'not_allowed';
			ok_or_not_found: 'ok' | 'not_found';
			ok_or_not_seen: 'ok' | 'not_seen';
			ok_or_unknown: 'ok' | 'unknown';
			on_air_status: 'ok' | 'already' | 'not_found' | 'on_stage';
			on_stage_status: 'ok' | 'already' | 'not_found' | 'not_a_speaker' | 'guardian' | 'kept_off' | 'ended';
			order_extension_status: 'ok' | 'not_allowed' | 'own' | 'wrong_state' | 'too_soon';
			page_file_removal_status: 'ok' | 'not_found' | 'in_use';
			page_place_status: 'ok' | 'not_found' | 'invalid' | 'taken';
			page_removal_status: 'ok' | 'not_found' | 'published';
			part_invitation_status: 'ok' | 'not_allowed' | 'invalid' | 'limited' | 'claimed';
			participation_answer_status: 'ok' | 'not_found' | 'already' | 'declined' | 'cancelled';
			participation_consent_status: 'ok' | 'not_found' | 'declined';
			passkey_removal_status: 'ok' | 'not_found' | 'last';
			passkey_reset_status: 'ok' | 'own' | 'not_allowed' | 'none';
			poll_state_status: 'ok' | 'already' | 'invalid' | 'not_found';
			poll_vote_status:
				| 'ok'
				| 'already'
				| 'closed'
				| 'invalid'
				| 'not_found'
				| 'over'
				| 'sign_in'
				| 'barred'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			pool_removal_status: 'ok' | 'not_found' | 'in_use';
			portrait_status: 'ok' | 'not_found' | 'protected';
			preferences_status: 'ok' | 'not_allowed' | 'unknown_locale' | 'unknown_zone';
			proposal_invitation_status: 'ok' | 'not_found' | 'invalid' | 'limited' | 'already' | 'closed';
			proposal_resend_status: 'ok' | 'not_found' | 'limited';
			proposal_withdrawal_status: 'ok' | 'not_found' | 'already' | 'decided';
			question_status:
				| 'ok'
				| 'waiting'
				| 'already'
				| 'limited'
				| 'too_soon'
				| 'invalid'
				| 'closed'
				| 'not_found'
				| 'over'
				| 'sign_in'
				| 'barred'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			question_vote_status:
				| 'ok'
				| 'not_found'
				| 'over'
				| 'sign_in'
				| 'barred'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			recording_deletion_status: 'ok' | 'not_found' | 'refused' | 'held';
			recording_publication_status: 'ok' | 'not_found' | 'refused' | 'consent' | 'trimming' | 'trimmed';
			recording_trim_status: 'ok' | 'not_found' | 'refused' | 'held' | 'published' | 'range';
			recording_trim_undo_status: 'ok' | 'already' | 'not_found' | 'refused' | 'held' | 'published';
			recovery_codes_status: 'ok' | 'invalid';
			recovery_status: 'ok' | 'wrong';
			refund_status: 'ok' | 'not_allowed' | 'own' | 'wrong_state';
			retention_period_status: 'ok' | 'confirm' | 'not_allowed' | 'invalid';
			reveal_contact: 'mail' | 'lead';
			reveal_request_status: 'ok' | 'already' | 'no_alias' | 'not_found' | 'not_allowed' | 'invalid';
			reviewer_answer_status: 'ok' | 'not_found' | 'not_yours' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
			reviewer_status: 'ok' | 'not_allowed' | 'invalid' | 'unknown_person';
			role_answer_status: 'ok' | 'not_found' | 'cancelled' | 'taken';
			role_confirmation_status: 'ok' | 'already' | 'not_allowed' | 'not_found' | 'own' | 'lapsed' | 'limited';
			role_end_status: 'ok' | 'already' | 'not_allowed' | 'last_owner';
			role_grant_status:
				| 'ok'
				| 'already'
				| 'not_allowed'
				| 'unknown_person'
				| 'own'
				| 'proposed'
				| 'already_proposed'
				| 'no_second'
				| 'invalid';
			role_invitation_status:
				'ok' | 'not_allowed' | 'invalid' | 'limited' | 'proposed' | 'already_proposed' | 'no_second';
			room_save_status: 'ok' | 'not_allowed' | 'invalid' | 'unknown';
			run_change_status: 'ok' | 'already' | 'not_found' | 'not_possible';
			run_host_status: 'ok' | 'already' | 'not_found' | 'not_a_speaker';
			run_state_status: 'ok' | 'already' | 'not_found' | 'not_possible' | 'room_busy';
			save_status: 'ok' | 'not_allowed' | 'invalid';
			scan_undo_status: 'ok' | 'not_found' | 'too_late';
			seat_transfer_status: 'ok' | 'not_found' | 'closed' | 'wrong_state' | 'not_waiting';
			second_person_status: 'ok' | 'own' | 'wrong_state' | 'not_found';
			session_group_status: 'ok' | 'already' | 'not_allowed' | 'unknown' | 'not_listed';
			session_person_status: 'ok' | 'already' | 'not_allowed' | 'unknown_person';
			setting_removal_status: 'ok' | 'unknown' | 'in_use';
			setting_status: 'ok' | 'not_allowed' | 'invalid' | 'unknown' | 'taken';
			shift_status: 'ok' | 'not_allowed' | 'invalid' | 'taken';
			side_event_status: 'ok' | 'not_found' | 'closed' | 'limited' | 'conflict' | 'invalid';
			speaker_needs_status: 'ok' | 'not_found' | 'invalid' | 'closed';
			stage_announcement_status: 'ok' | 'already' | 'not_found' | 'invalid' | 'too_long' | 'too_often';
			step_status: 'ok' | 'wrong_state' | 'not_allowed';
			stream_entry_status:
				| 'ok'
				| 'not_seen'
				| 'barred'
				| 'sign_in'
				| 'not_registered'
				| 'not_listed'
				| 'hall_only'
				| 'in_review'
				| 'no_place'
				| 'locked';
			survey_answer_status: 'ok' | 'not_found' | 'already' | 'closed' | 'invalid';
			survey_edit_status: 'ok' | 'not_found' | 'invalid' | 'frozen' | 'conflict' | 'needed';
			survey_results_status: 'ok' | 'open' | 'few' | 'not_found';
			survey_step_status: 'ok' | 'not_found' | 'overlap' | 'empty' | 'answered' | 'wrong_state';
			survey_text_status: 'ok' | 'not_found' | 'already' | 'invalid';
			switch_status: 'ok' | 'already' | 'not_allowed';
			text_decision_status: 'ok' | 'not_found' | 'invalid' | 'conflict';
			undo_status: 'ok' | 'gone' | 'changed';
			undoable_act:
				| 'room_removed'
				| 'track_removed'
				| 'format_removed'
				| 'consent_removed'
				| 'contact_removed'
				| 'fee_removed'
				| 'page_deleted'
				| 'page_unpublished'
				| 'pool_removed'
				| 'bank_row_ignored'
				| 'bank_row_divided'
				| 'question_retired'
				| 'call_question_retired'
				| 'reviewer_removed'
				| 'criterion_removed'
				| 'registrations_moved'
				| 'category_changed'
				| 'proposals_decided'
				| 'reviewers_assigned'
				| 'page_file_deleted';
			vat_rate_status: 'ok' | 'not_allowed' | 'needed';
			visa_letter_validity: 'valid' | 'replaced' | 'withdrawn' | 'over' | 'unknown';
			waiver_budget_status: 'ok' | 'not_allowed' | 'invalid' | 'below';
			ward_consent_status: 'ok' | 'not_found' | 'not_given' | 'required' | 'reworded';
			watch_list_match_status: 'ok' | 'not_found' | 'own';
			watching_status: 'ok' | 'off' | 'not_found' | 'invalid' | 'too_fast';
			webhook_adding: 'ok' | 'already' | 'not_allowed' | 'invalid' | 'too_many';
			write_off_status: 'ok' | 'not_allowed' | 'own' | 'wrong_state' | 'reason_needed';
		};
		CompositeTypes: { [_ in never]: never };
	};
};

type Public = Database['public'];

/** A row of a table or view of the API. */
export type Tables<Name extends keyof (Public['Tables'] & Public['Views'])> = (Public['Tables'] &
	Public['Views'])[Name] extends {
	Row: infer Row;
}
	? Row
	: never;

/** The values of an enum of the API. */
export type Enums<Name extends keyof Public['Enums']> = Public['Enums'][Name];

/** The values of every enum. */
export const enums = {
	access_channel: ['door', 'stream'],
	account_relation: ['self', 'assistant'],
	adjustment_kind: ['payment', 'refund', 'waiver', 'credit', 'dispute', 'dispute_won', 'cancellation', 'write_off'],
	announcement_audience: ['everyone', 'mode', 'language', 'room', 'session', 'session_people'],
	api_scope: [
		'agenda',
		'sessions',
		'speakers',
		'commitments',
		'documents',
		'members',
		'registrations',
		'presence',
		'registration_rows',
		'presence_rows',
		'check_in'
	],
	attendance_mode: ['in_person', 'virtual'],
	bank_row_state: ['open', 'applied', 'linked', 'set_aside', 'divided', 'returned'],
	campaign_kind: ['service', 'news'],
	campaign_state: ['draft', 'scheduled', 'sending', 'sent', 'cancelled'],
	checkout_state: ['requested', 'open', 'processing', 'paid', 'expired', 'failed'],
	checkpoint_kind: ['entrance', 'room', 'session', 'meal', 'other'],
	commitment_audience: ['public', 'members'],
	commitment_progress: ['on_track', 'at_risk', 'delivered'],
	commitment_state: ['draft', 'asked', 'agreed', 'checked', 'announced', 'withdrawn'],
	commitment_step: ['asked', 'agreed', 'sent_back', 'checked', 'announced', 'unscheduled', 'withdrawn'],
	confidentiality: ['public', 'members', 'chatham_house', 'closed'],
	file_kind: ['slides', 'handout'],
	file_publication: ['stage', 'session'],
	group_level: ['public', 'members', 'closed'],
	group_part: ['chair', 'secretary', 'member', 'alternate'],
	hand_place: ['hall', 'home'],
	invoice_kind: ['invoice', 'credit_note'],
	library_kind: ['assessment', 'model', 'briefing', 'toolkit', 'report', 'minutes', 'presentation', 'other'],
	library_level: ['public', 'members', 'group'],
	library_licence: ['cc_by', 'cc_by_sa', 'cc_by_nc', 'cc_by_nc_nd', 'cc0', 'all_rights_reserved'],
	library_state: ['draft', 'submitted', 'reviewed', 'published', 'withdrawn'],
	library_step: ['submitted', 'recalled', 'sent_back', 'reviewed', 'published', 'withdrawn'],
	mail_state: ['queued', 'sending', 'sent', 'dead', 'held'],
	meeting_answer: ['yes', 'no', 'alternate'],
	meeting_poll_state: ['open', 'chosen', 'closed'],
	meeting_staff_part: ['interpreter', 'captioner'],
	meeting_staff_state: ['invited', 'accepted', 'declined'],
	meeting_state: ['planned', 'held', 'cancelled'],
	minutes_state: ['draft', 'comments', 'approved'],
	organiser_role: ['programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner', 'community'],
	participation_state: ['invited', 'confirmed', 'declined'],
	presence_kind: ['door', 'stream'],
	proposal_state: ['draft', 'submitted', 'withdrawn'],
	protection_kind: ['alias', 'talk_first'],
	queue_reason: ['capacity', 'allocation', 'ceiling', 'others_wait'],
	queue_state: ['waiting', 'offered', 'served', 'lapsed', 'left'],
	recording_state: ['wanted', 'running', 'paused', 'stopped', 'ready', 'failed', 'sealed'],
	refund_state: ['due', 'sent', 'done', 'failed', 'cancelled'],
	registration_category: [
		'delegate',
		'speaker',
		'guest',
		'staff',
		'crew',
		'interpreter',
		'press',
		'security',
		'guardian'
	],
	registration_state: [
		'draft',
		'submitted',
		'nominated',
		'accredited',
		'awaiting_payment',
		'confirmed',
		'declined',
		'withdrawn',
		'expired'
	],
	role_invitation_state: ['open', 'accepted', 'declined', 'withdrawn'],
	room_kind: ['hall', 'overflow', 'online'],
	run_state: ['waiting', 'live', 'paused', 'ended'],
	scan_state: ['waiting', 'clean', 'unscanned', 'refused', 'failed'],
	seat_state: ['held', 'taken', 'released'],
	sector: ['government', 'intergovernmental', 'civil_society', 'private_sector'],
	session_attendance: ['hall_and_online', 'hall', 'online'],
	session_audience: ['everyone', 'registered', 'listed'],
	session_role: ['speaker', 'chair', 'moderator', 'respondent', 'interpreter', 'captioner'],
	session_state: ['draft', 'confirmed', 'cancelled'],
	side_event_state: ['requested', 'change_asked', 'accepted', 'declined', 'withdrawn'],
	stage_format: ['stage', 'meeting'],
	stage_layout: ['speaker', 'panel', 'slides'],
	stage_role: ['host', 'speaker', 'interpreter', 'captioner', 'manager', 'viewer'],
	standing: ['active', 'observer', 'suspended', 'left'],
	summit_state: ['draft', 'open', 'live', 'closed', 'archived'],
	survey_kind: ['session', 'summit', 'follow_up'],
	survey_question_kind: ['scale', 'choice', 'choices', 'yes_no', 'number', 'text'],
	time_vote: ['yes', 'if_needed', 'no'],
	webhook_fault: ['name', 'address', 'refused', 'tls', 'timeout', 'protocol', 'secret'],
	webhook_kind: [
		'registration.submitted',
		'registration.nominated',
		'registration.accredited',
		'registration.awaiting_payment',
		'registration.confirmed',
		'registration.declined',
		'registration.withdrawn',
		'registration.expired',
		'registration.mode_changed',
		'registration.category_changed',
		'accreditation.question_asked',
		'accreditation.question_answered',
		'queue.joined',
		'queue.offered',
		'letter.issued',
		'letter.withdrawn',
		'member.added',
		'member.standing_changed',
		'member.requested',
		'focal_point.added',
		'order.created',
		'payment.received',
		'payment.disputed',
		'refund.decided',
		'refund.completed',
		'refund.failed',
		'invoice.issued',
		'credit_note.issued',
		'waiver.requested',
		'waiver.decided',
		'badge.issued',
		'badge.revoked',
		'check_in.entered',
		'check_in.left',
		'check_in.undone',
		'agenda.released',
		'session.added',
		'session.changed',
		'session.cancelled',
		'proposal.submitted',
		'proposal.withdrawn',
		'proposal.decided',
		'side_event.requested',
		'side_event.decided',
		'speaker.invited',
		'speaker.confirmed',
		'speaker.declined',
		'speaker.removed',
		'session.live',
		'session.ended',
		'recording.published',
		'recording.withdrawn',
		'announcement.sent',
		'page.published',
		'session_file.published',
		'document.published',
		'commitment.announced',
		'commitment.withdrawn',
		'commitment.reported',
		'survey.published',
		'figures.released',
		'impact_report.released',
		'summit.opened',
		'summit.live',
		'summit.closed',
		'summit.archived',
		'webhook.test'
	],
	webhook_pause: ['by_hand', 'failing', 'gone'],
	webhook_state: ['waiting', 'delivered', 'failed']
} as const;

/** The texts of every domain that lists them. */
export const domains = {
	acceptance_status: ['ok', 'not_allowed', 'invalid', 'changed', 'blocking'],
	advance_question_status: ['ok', 'already', 'limited', 'invalid', 'not_found', 'no_entry', 'begun', 'off'],
	api_key_status: ['ok', 'not_allowed', 'invalid', 'too_many'],
	audience_status: ['ok', 'already', 'not_allowed', 'unknown'],
	backstage_message_status: ['ok', 'not_found', 'too_long', 'too_often'],
	badge_question_status: ['ok', 'not_allowed', 'unsuitable', 'answered'],
	bank_ignore_status: ['ok', 'not_allowed', 'already', 'reason_needed'],
	bank_split_status: ['ok', 'not_allowed', 'already', 'parts', 'sum', 'unknown_order', 'same_order', 'currency'],
	bar_status: ['ok', 'already', 'not_found', 'not_allowed'],
	booth_message_status: ['ok', 'not_found', 'invalid', 'too_often'],
	booth_status: ['ok', 'already', 'not_found', 'on_stage', 'busy'],
	call_status: ['ok', 'not_allowed', 'invalid', 'conflict', 'late'],
	campaign_act_status: ['ok', 'not_found', 'wrong_state'],
	campaign_test_status: ['ok', 'not_found', 'too_many'],
	caption_token_status: ['ok', 'not_found', 'invalid', 'not_at_this_level'],
	case_act_status: ['ok', 'already', 'not_found', 'not_lead', 'not_possible', 'not_allowed', 'invalid'],
	case_change_status: ['ok', 'changed', 'not_found', 'invalid'],
	case_entry_status: ['ok', 'already', 'not_found', 'invalid'],
	certificate_end_status: ['ok', 'not_found', 'reason_needed'],
	change_status: ['ok', 'already', 'not_found'],
	co_speaker_decision_status: ['ok', 'not_found', 'limited', 'cancelled'],
	co_speaker_status: ['ok', 'not_found', 'invalid', 'limited', 'closed'],
	commitment_answer_status: ['ok', 'over', 'reason_needed', 'invalid'],
	commitment_report_status: ['ok', 'not_found', 'invalid', 'not_announced', 'limited'],
	commitment_step_status: ['ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'reason_needed', 'limited'],
	concern_answer_status: ['ok', 'already', 'not_found', 'no_code'],
	copy_request_status: ['ok', 'confirm_first', 'too_many', 'not_allowed'],
	countdown_status: ['ok', 'not_found', 'not_possible'],
	deadline_save_status: ['ok', 'not_allowed', 'invalid', 'late'],
	discussion_status: ['ok', 'not_found', 'invalid', 'limited'],
	edit_status: ['ok', 'not_found', 'invalid'],
	entry_status: [
		'ok',
		'not_seen',
		'barred',
		'sign_in',
		'not_registered',
		'not_listed',
		'virtual_at_door',
		'hall_only',
		'online_only',
		'in_review',
		'no_place',
		'locked'
	],
	erasure_request_status: ['ok', 'already', 'has_role', 'not_allowed'],
	field_retirement_status: ['ok', 'not_found', 'needed'],
	file_removal_status: ['ok', 'not_found', 'held'],
	file_restore_status: ['ok', 'not_found', 'refused'],
	focal_invitation_status: ['ok', 'not_allowed', 'not_found', 'invalid', 'limited'],
	group_change_status: ['ok', 'not_found', 'invalid', 'conflict'],
	group_notice_status: ['ok', 'not_found', 'invalid', 'limited'],
	group_page_status: ['ok', 'not_found', 'conflict'],
	group_person_status: ['ok', 'not_found', 'invalid', 'last_leader'],
	group_request_status: ['ok', 'already', 'not_found', 'not_open'],
	guardian_consent_status: ['ok', 'not_found', 'already', 'register_first'],
	guardian_naming_status: ['ok', 'not_found', 'invalid', 'limited'],
	hand_call_status: ['ok', 'already', 'gone', 'guardian', 'not_found'],
	hand_status: [
		'ok',
		'already',
		'closed',
		'on_stage',
		'too_soon',
		'guardian',
		'not_found',
		'over',
		'sign_in',
		'barred',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	impact_completion_status: ['ok', 'stale', 'changed'],
	impact_edit_status: ['ok', 'not_found', 'invalid', 'conflict'],
	impact_release_status: ['ok', 'not_found', 'invalid', 'conflict', 'stale', 'wrong_state'],
	import_mapping_status: ['ok', 'not_found', 'invalid', 'applied'],
	information_answer_status: ['ok', 'not_found', 'invalid', 'wrong_state'],
	invitation_end_status: ['ok', 'not_found', 'wrong_state'],
	invitation_resend_status: ['ok', 'not_found', 'invalid', 'limited', 'closed', 'wrong_state'],
	invitation_status: ['ok', 'not_allowed', 'invalid', 'limited'],
	large_audience_status: ['ok', 'already', 'not_found', 'level', 'ended'],
	late_link_status: ['ok', 'not_allowed', 'invalid', 'limited', 'late'],
	late_link_use_status: ['ok', 'not_found', 'expired', 'revoked', 'used'],
	legal_hold_status: ['ok', 'not_allowed', 'invalid', 'unknown'],
	library_step_status: [
		'ok',
		'not_found',
		'invalid',
		'conflict',
		'wrong_state',
		'reason_needed',
		'own',
		'no_file',
		'not_allowed'
	],
	list_view_status: ['ok', 'invalid', 'full', 'not_allowed'],
	mail_bounce_status: ['ok', 'unknown'],
	mail_test_status: ['ok', 'not_allowed', 'invalid', 'too_many'],
	manual_refund_status: ['ok', 'not_allowed', 'own', 'wrong_state', 'invalid'],
	meeting_staff_status: ['ok', 'not_found', 'invalid', 'limited', 'wrong_state'],
	meeting_status: ['ok', 'not_found', 'invalid', 'conflict', 'wrong_state'],
	meeting_work_status: ['ok', 'not_found', 'conflict'],
	member_request_link_status: ['ok', 'not_allowed', 'wrong_state', 'unknown_member'],
	member_request_refusal_status: ['ok', 'not_allowed', 'wrong_state', 'reason_needed', 'proposed', 'proposal_open'],
	merge_refusal_status: ['ok', 'not_allowed', 'unknown'],
	merge_status: [
		'ok',
		'not_allowed',
		'unknown',
		'second_person_needed',
		'owner_needed',
		'lead_needed',
		'protected',
		'both_registered'
	],
	message_status: [
		'ok',
		'invalid',
		'too_long',
		'too_soon',
		'off',
		'people',
		'minor',
		'muted',
		'not_found',
		'over',
		'sign_in',
		'barred',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	minutes_status: ['ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'too_early'],
	name_correction_status: ['ok', 'not_allowed', 'invalid', 'protected', 'frozen'],
	need_status: ['ok', 'not_found', 'invalid', 'conflict', 'note_needed'],
	nomination_refusal_status: ['ok', 'not_found', 'reason_needed', 'wrong_state'],
	ok_or_already: ['ok', 'already'],
	ok_or_none: ['ok', 'none'],
	ok_or_not_allowed: ['ok', 'not_allowed'],
	ok_or_not_found: ['ok', 'not_found'],
	ok_or_not_seen: ['ok', 'not_seen'],
	ok_or_unknown: ['ok', 'unknown'],
	on_air_status: ['ok', 'already', 'not_found', 'on_stage'],
	on_stage_status: ['ok', 'already', 'not_found', 'not_a_speaker', 'guardian', 'kept_off', 'ended'],
	order_extension_status: ['ok', 'not_allowed', 'own', 'wrong_state', 'too_soon'],
	page_file_removal_status: ['ok', 'not_found', 'in_use'],
	page_place_status: ['ok', 'not_found', 'invalid', 'taken'],
	page_removal_status: ['ok', 'not_found', 'published'],
	part_invitation_status: ['ok', 'not_allowed', 'invalid', 'limited', 'claimed'],
	participation_answer_status: ['ok', 'not_found', 'already', 'declined', 'cancelled'],
	participation_consent_status: ['ok', 'not_found', 'declined'],
	passkey_removal_status: ['ok', 'not_found', 'last'],
	passkey_reset_status: ['ok', 'own', 'not_allowed', 'none'],
	poll_state_status: ['ok', 'already', 'invalid', 'not_found'],
	poll_vote_status: [
		'ok',
		'already',
		'closed',
		'invalid',
		'not_found',
		'over',
		'sign_in',
		'barred',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	pool_removal_status: ['ok', 'not_found', 'in_use'],
	portrait_status: ['ok', 'not_found', 'protected'],
	preferences_status: ['ok', 'not_allowed', 'unknown_locale', 'unknown_zone'],
	proposal_invitation_status: ['ok', 'not_found', 'invalid', 'limited', 'already', 'closed'],
	proposal_resend_status: ['ok', 'not_found', 'limited'],
	proposal_withdrawal_status: ['ok', 'not_found', 'already', 'decided'],
	question_status: [
		'ok',
		'waiting',
		'already',
		'limited',
		'too_soon',
		'invalid',
		'closed',
		'not_found',
		'over',
		'sign_in',
		'barred',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	question_vote_status: [
		'ok',
		'not_found',
		'over',
		'sign_in',
		'barred',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	recording_deletion_status: ['ok', 'not_found', 'refused', 'held'],
	recording_publication_status: ['ok', 'not_found', 'refused', 'consent', 'trimming', 'trimmed'],
	recording_trim_status: ['ok', 'not_found', 'refused', 'held', 'published', 'range'],
	recording_trim_undo_status: ['ok', 'already', 'not_found', 'refused', 'held', 'published'],
	recovery_codes_status: ['ok', 'invalid'],
	recovery_status: ['ok', 'wrong'],
	refund_status: ['ok', 'not_allowed', 'own', 'wrong_state'],
	retention_period_status: ['ok', 'confirm', 'not_allowed', 'invalid'],
	reveal_contact: ['mail', 'lead'],
	reveal_request_status: ['ok', 'already', 'no_alias', 'not_found', 'not_allowed', 'invalid'],
	reviewer_answer_status: ['ok', 'not_found', 'not_yours', 'accepted', 'declined', 'withdrawn', 'expired'],
	reviewer_status: ['ok', 'not_allowed', 'invalid', 'unknown_person'],
	role_answer_status: ['ok', 'not_found', 'cancelled', 'taken'],
	role_confirmation_status: ['ok', 'already', 'not_allowed', 'not_found', 'own', 'lapsed', 'limited'],
	role_end_status: ['ok', 'already', 'not_allowed', 'last_owner'],
	role_grant_status: [
		'ok',
		'already',
		'not_allowed',
		'unknown_person',
		'own',
		'proposed',
		'already_proposed',
		'no_second',
		'invalid'
	],
	role_invitation_status: ['ok', 'not_allowed', 'invalid', 'limited', 'proposed', 'already_proposed', 'no_second'],
	room_save_status: ['ok', 'not_allowed', 'invalid', 'unknown'],
	run_change_status: ['ok', 'already', 'not_found', 'not_possible'],
	run_host_status: ['ok', 'already', 'not_found', 'not_a_speaker'],
	run_state_status: ['ok', 'already', 'not_found', 'not_possible', 'room_busy'],
	save_status: ['ok', 'not_allowed', 'invalid'],
	scan_undo_status: ['ok', 'not_found', 'too_late'],
	seat_transfer_status: ['ok', 'not_found', 'closed', 'wrong_state', 'not_waiting'],
	second_person_status: ['ok', 'own', 'wrong_state', 'not_found'],
	session_group_status: ['ok', 'already', 'not_allowed', 'unknown', 'not_listed'],
	session_person_status: ['ok', 'already', 'not_allowed', 'unknown_person'],
	setting_removal_status: ['ok', 'unknown', 'in_use'],
	setting_status: ['ok', 'not_allowed', 'invalid', 'unknown', 'taken'],
	shift_status: ['ok', 'not_allowed', 'invalid', 'taken'],
	side_event_status: ['ok', 'not_found', 'closed', 'limited', 'conflict', 'invalid'],
	speaker_needs_status: ['ok', 'not_found', 'invalid', 'closed'],
	stage_announcement_status: ['ok', 'already', 'not_found', 'invalid', 'too_long', 'too_often'],
	step_status: ['ok', 'wrong_state', 'not_allowed'],
	stream_entry_status: [
		'ok',
		'not_seen',
		'barred',
		'sign_in',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	survey_answer_status: ['ok', 'not_found', 'already', 'closed', 'invalid'],
	survey_edit_status: ['ok', 'not_found', 'invalid', 'frozen', 'conflict', 'needed'],
	survey_results_status: ['ok', 'open', 'few', 'not_found'],
	survey_step_status: ['ok', 'not_found', 'overlap', 'empty', 'answered', 'wrong_state'],
	survey_text_status: ['ok', 'not_found', 'already', 'invalid'],
	switch_status: ['ok', 'already', 'not_allowed'],
	text_decision_status: ['ok', 'not_found', 'invalid', 'conflict'],
	undo_status: ['ok', 'gone', 'changed'],
	undoable_act: [
		'room_removed',
		'track_removed',
		'format_removed',
		'consent_removed',
		'contact_removed',
		'fee_removed',
		'page_deleted',
		'page_unpublished',
		'pool_removed',
		'bank_row_ignored',
		'bank_row_divided',
		'question_retired',
		'call_question_retired',
		'reviewer_removed',
		'criterion_removed',
		'registrations_moved',
		'category_changed',
		'proposals_decided',
		'reviewers_assigned',
		'page_file_deleted'
	],
	vat_rate_status: ['ok', 'not_allowed', 'needed'],
	visa_letter_validity: ['valid', 'replaced', 'withdrawn', 'over', 'unknown'],
	waiver_budget_status: ['ok', 'not_allowed', 'invalid', 'below'],
	ward_consent_status: ['ok', 'not_found', 'not_given', 'required', 'reworded'],
	watch_list_match_status: ['ok', 'not_found', 'own'],
	watching_status: ['ok', 'off', 'not_found', 'invalid', 'too_fast'],
	webhook_adding: ['ok', 'already', 'not_allowed', 'invalid', 'too_many'],
	write_off_status: ['ok', 'not_allowed', 'own', 'wrong_state', 'reason_needed'],
	address_change_status: ['ok', 'wrong', 'invalidated', 'expired', 'taken'],
	address_request_status: ['ok', 'same', 'limited'],
	api_key_state: ['ok', 'revoked', 'expired', 'not_entitled'],
	assistant_invitation_status: ['ok', 'own', 'invalid', 'limited'],
	backup_fault: [
		'killed',
		'too_long',
		'locked',
		'migrating',
		'database',
		'place',
		'place_taken',
		'no_space',
		'settings',
		'other'
	],
	backup_outcome: ['running', 'good', 'failed'],
	concern_submission_status: ['ok', 'again', 'sent'],
	copy_owner: ['person', 'registration', 'order', 'proposal', 'account', 'assistant'],
	copy_section: [
		'profile',
		'roles',
		'registration',
		'money',
		'agenda',
		'speaking',
		'participation',
		'attendance',
		'mail',
		'concerns'
	],
	fault_origin: ['server', 'browser'],
	listener_status: [
		'ok',
		'none',
		'not_seen',
		'barred',
		'sign_in',
		'not_registered',
		'not_listed',
		'hall_only',
		'in_review',
		'no_place',
		'locked'
	],
	not_copied_reason: ['technical', 'safety', 'staff', 'others'],
	notice_severity: ['info', 'maintenance', 'minor', 'major'],
	notice_stage: ['investigating', 'identified', 'watching', 'resolved'],
	pass_device_status: ['created', 'already', 'not_found', 'invalid'],
	passkey_addition_status: ['ok', 'expired', 'not_allowed', 'already', 'limited'],
	passkey_status: ['ok', 'expired', 'not_allowed', 'copied'],
	reading_kind: ['protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list', 'name'],
	recording_chunk_status: ['ok', 'already', 'gap', 'over'],
	refund_effect: ['refund_sent', 'refund_done', 'refund_failed', 'stale', 'duplicate', 'not_found'],
	reporter_message_status: ['ok', 'already', 'unknown', 'too_often', 'full'],
	retained_reason: ['numbers', 'decisions', 'safeguarding', 'money', 'agenda'],
	retention_clock: ['closed', 'written', 'ended', 'last_sign'],
	retention_exemption: ['settings', 'money', 'numbers', 'decisions', 'agenda', 'technical'],
	sign_in_code_status: ['ok', 'wrong', 'invalidated', 'expired', 'used'],
	site_part: ['site', 'sign_in', 'registration', 'stages', 'mail', 'payments'],
	status_change_status: ['ok', 'not_allowed'],
	status_update_status: ['ok', 'already', 'ended', 'invalid', 'not_allowed']
} as const;
