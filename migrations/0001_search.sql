-- Full text and item ids of the listed contracts, and of the ended ones apart from them, so that a search of what is
-- for sale reads no history. Contentless: the text itself is in `contracts` and `types`. The rowid is the contract_id.
--   title     the issuer's title
--   names     names of the offered types, one a line
--   type_ids  offered types, groups and categories, each written as one trigram (src/db/search/search-document.ts)
CREATE VIRTUAL TABLE `listed_search` USING fts5(title, names, type_ids, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
CREATE VIRTUAL TABLE `ended_search` USING fts5(title, names, type_ids, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
-- Names of types, for who is looking for one. The text is in `types`; the triggers keep the index in line with it.
CREATE VIRTUAL TABLE `types_search` USING fts5(name, content='types', content_rowid='type_id', tokenize='trigram');
--> statement-breakpoint
CREATE TRIGGER types_named AFTER INSERT ON types WHEN new.name IS NOT NULL BEGIN
  INSERT INTO types_search (rowid, name) VALUES (new.type_id, new.name);
END;
--> statement-breakpoint
CREATE TRIGGER types_renamed AFTER UPDATE OF name ON types WHEN new.name IS NOT old.name BEGIN
  INSERT INTO types_search (types_search, rowid, name) SELECT 'delete', old.type_id, old.name WHERE old.name IS NOT NULL;
  INSERT INTO types_search (rowid, name) SELECT new.type_id, new.name WHERE new.name IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER types_forgotten AFTER DELETE ON types WHEN old.name IS NOT NULL BEGIN
  INSERT INTO types_search (types_search, rowid, name) VALUES ('delete', old.type_id, old.name);
END;
--> statement-breakpoint
-- The name of a group's category, beside the group's own.
CREATE TRIGGER groups_added AFTER INSERT ON groups BEGIN
  UPDATE groups SET category_name = (SELECT name FROM categories WHERE category_id = new.category_id) WHERE group_id = new.group_id;
END;
--> statement-breakpoint
CREATE TRIGGER groups_moved AFTER UPDATE OF category_id ON groups BEGIN
  UPDATE groups SET category_name = (SELECT name FROM categories WHERE category_id = new.category_id) WHERE group_id = new.group_id;
END;
--> statement-breakpoint
CREATE TRIGGER categories_added AFTER INSERT ON categories BEGIN
  UPDATE groups SET category_name = new.name WHERE category_id = new.category_id;
END;
--> statement-breakpoint
CREATE TRIGGER categories_renamed AFTER UPDATE OF name ON categories BEGIN
  UPDATE groups SET category_name = new.name WHERE category_id = new.category_id;
END;
--> statement-breakpoint
INSERT INTO `sync_state` (id) VALUES (1);
--> statement-breakpoint
INSERT INTO `price_book` (id) VALUES (1);
