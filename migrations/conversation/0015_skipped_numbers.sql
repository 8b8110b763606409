-- So many numbers after the last turn's were given to turns that are gone: the next turn takes the number after them.
alter table session_details add column skipped integer;
