-- The numbers of the search index's volumes, oldest first: 1 is turn_search, and 2 is turn_search_2.
insert or ignore into account values ('search_volumes', '[1]');
