-- Full text and item ids of the listed contracts, and of the ended ones apart from them, so that a search of what is
-- for sale reads no history. Contentless: the text itself is in `contracts` and `types`. The rowid is the contract_id.
--   title     the issuer's title
--   names     names of the offered types, one a line
--   type_ids  offered types, groups and categories, each written as one trigram (src/db/search-document.ts)
CREATE VIRTUAL TABLE `listed_search` USING fts5(title, names, type_ids, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
CREATE VIRTUAL TABLE `ended_search` USING fts5(title, names, type_ids, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
INSERT INTO `sync_state` (id) VALUES (1);
