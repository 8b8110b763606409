// Fields of ChatGPT's exports beside what was said. A field that is in none of these lists is new: it is counted by name.

/** Fields of a conversation: what is taken, and settings of the program that showed it. */
const CONVERSATION = `mapping conversation_id id title create_time update_time current_node gizmo_id is_archived is_starred
  default_model_slug moderation_results safe_urls blocked_urls plugin_ids conversation_template_id gizmo_type async_status
  conversation_origin disabled_tool_ids is_do_not_remember memory_scope context_scopes is_study_mode owner voice
  sugar_item_id sugar_item_visible is_read_only pinned_time`;

/** Fields of a message's metadata: what is taken, and how the message was made, shown or searched for. */
const METADATA = `model_slug attachments aggregate_result citations content_references is_visually_hidden_from_conversation
  request_id message_type message_source message_locale timestamp_ parent_id turn_id turn_exchange_id turn_trace_id
  finish_details is_complete default_model_slug requested_model_slug resolved_model_slug model_adjustments pad
  content_references_by_file search_queries search_source search_turns_count search_result_groups search_display_string
  searched_display_string search_model_queries search_engine safe_urls debug_sonic_thread_id sonic_classification_result
  serialization_metadata command status args reasoning_status reasoning_title reasoning_group_id reasoning_start_time
  reasoning_end_time skip_reasoning_title finished_text finished_duration_sec initial_text thinking_effort can_save
  rebase_system_message rebase_developer_message is_error is_loading_message is_redacted is_user_system_message
  is_thinking_preamble_message is_visually_hidden_reasoning_group gizmo_id voice_mode_message image_results
  cloud_doc_urls invoked_plugin jit_plugin_data user_context_message_data weight end_turn channel stop_reason kwargs
  selected_sources selected_github_repos system_hints dictation developer_mode_connector_ids filter_out_for_training
  conversation_id real_author _cite_metadata exclude_after_next_user_message inference_debug_info trigger_async_ux
  augmented_paragen_prompt_label paragen_variants_info paragen_variant_choice shared_conversation_id`;

const namesIn = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));
export const CONVERSATION_FIELDS = namesIn(CONVERSATION);
export const METADATA_FIELDS = namesIn(METADATA);

/** Whether a field says nothing. */
export const isNothing = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);
