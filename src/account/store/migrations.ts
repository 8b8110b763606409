import init from "../../../migrations/conversation/0001_init.sql";
import keys from "../../../migrations/conversation/0002_keys.sql";
import memory from "../../../migrations/conversation/0003_memory.sql";
import persistence from "../../../migrations/conversation/0004_persistence.sql";
import calls from "../../../migrations/conversation/0005_calls.sql";
import whatsapp from "../../../migrations/conversation/0006_whatsapp.sql";
import imports from "../../../migrations/conversation/0007_imports.sql";
import responses from "../../../migrations/conversation/0008_responses.sql";
import whatsappAddresses from "../../../migrations/conversation/0009_whatsapp_addresses.sql";
import repair from "../../../migrations/conversation/0010_repair.sql";
import grants from "../../../migrations/conversation/0011_grants.sql";
import heldVersions from "../../../migrations/conversation/0012_held_versions.sql";
import tombstoneUsers from "../../../migrations/conversation/0013_tombstone_users.sql";
import erasedPlaces from "../../../migrations/conversation/0014_erased_places.sql";
import skippedNumbers from "../../../migrations/conversation/0015_skipped_numbers.sql";
import archivedWords from "../../../migrations/conversation/0016_archived_words.sql";
import turnParts from "../../../migrations/conversation/0017_turn_parts.sql";
import metadataPairs from "../../../migrations/conversation/0018_metadata_pairs.sql";
import searchParts from "../../../migrations/conversation/0019_search_parts.sql";
import userFacts from "../../../migrations/conversation/0020_user_facts.sql";
import indexVersion from "../../../migrations/conversation/0021_index_version.sql";
import dailySizes from "../../../migrations/conversation/0022_daily_sizes.sql";
import sessionParts from "../../../migrations/conversation/0023_session_parts.sql";
import factExtractions from "../../../migrations/conversation/0024_fact_extractions.sql";
import metadataOfSession from "../../../migrations/conversation/0025_metadata_of_session.sql";
import indexMerges from "../../../migrations/conversation/0026_index_merges.sql";
import expiredSessions from "../../../migrations/conversation/0027_expired_sessions.sql";
import formerSessions from "../../../migrations/conversation/0028_former_sessions.sql";
import unfinishedTurns from "../../../migrations/conversation/0029_unfinished_turns.sql";
import searchVolumes from "../../../migrations/conversation/0030_search_volumes.sql";
import type { Migration } from "../../sqlite/migrate.ts";

/** The list is append-only. An object loads this module when its database lacks one of them. */
export const migrations: readonly Migration[] = [
  { name: "0001_init", sql: init },
  { name: "0002_keys", sql: keys },
  { name: "0003_memory", sql: memory },
  { name: "0004_persistence", sql: persistence },
  { name: "0005_calls", sql: calls },
  { name: "0006_whatsapp", sql: whatsapp },
  { name: "0007_imports", sql: imports },
  { name: "0008_responses", sql: responses },
  { name: "0009_whatsapp_addresses", sql: whatsappAddresses },
  { name: "0010_repair", sql: repair },
  { name: "0011_grants", sql: grants },
  { name: "0012_held_versions", sql: heldVersions },
  { name: "0013_tombstone_users", sql: tombstoneUsers },
  { name: "0014_erased_places", sql: erasedPlaces },
  { name: "0015_skipped_numbers", sql: skippedNumbers },
  { name: "0016_archived_words", sql: archivedWords },
  { name: "0017_turn_parts", sql: turnParts },
  { name: "0018_metadata_pairs", sql: metadataPairs },
  { name: "0019_search_parts", sql: searchParts },
  { name: "0020_user_facts", sql: userFacts },
  { name: "0021_index_version", sql: indexVersion },
  { name: "0022_daily_sizes", sql: dailySizes },
  { name: "0023_session_parts", sql: sessionParts },
  { name: "0024_fact_extractions", sql: factExtractions },
  { name: "0025_metadata_of_session", sql: metadataOfSession },
  { name: "0026_index_merges", sql: indexMerges },
  { name: "0027_expired_sessions", sql: expiredSessions },
  { name: "0028_former_sessions", sql: formerSessions },
  { name: "0029_unfinished_turns", sql: unfinishedTurns },
  { name: "0030_search_volumes", sql: searchVolumes },
];
