-- So many members of an archive have their words in turn_search; null: all. -1: it is damaged. A backup's part has none.
alter table segments add column indexed integer default 0;
-- serves: where backup_id is null and indexed >= 0 order by indexed desc, id desc; it holds all that these read, as rows are long
create index segments_to_index on segments (indexed, id) where backup_id is null and indexed is not null;
