-- The names of types are looked for folded: the triggers put them into the index so.
DROP TRIGGER types_named;
--> statement-breakpoint
DROP TRIGGER types_renamed;
--> statement-breakpoint
DROP TRIGGER types_forgotten;
--> statement-breakpoint
INSERT INTO types_search (types_search, rowid, name) SELECT 'delete', type_id, name FROM types WHERE name IS NOT NULL AND lower(name) <> search_name;
--> statement-breakpoint
INSERT INTO types_search (rowid, name) SELECT type_id, search_name FROM types WHERE name IS NOT NULL AND lower(name) <> search_name;
--> statement-breakpoint
CREATE TRIGGER types_named AFTER INSERT ON types WHEN new.name IS NOT NULL BEGIN
  INSERT INTO types_search (rowid, name) VALUES (new.type_id, new.search_name);
END;
--> statement-breakpoint
CREATE TRIGGER types_renamed AFTER UPDATE OF name ON types WHEN new.name IS NOT old.name BEGIN
  INSERT INTO types_search (types_search, rowid, name) SELECT 'delete', old.type_id, old.search_name WHERE old.name IS NOT NULL;
  INSERT INTO types_search (rowid, name) SELECT new.type_id, new.search_name WHERE new.name IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER types_forgotten AFTER DELETE ON types WHEN old.name IS NOT NULL BEGIN
  INSERT INTO types_search (types_search, rowid, name) VALUES ('delete', old.type_id, old.search_name);
END;
