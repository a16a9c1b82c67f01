-- Triggers that mark a row group as out of date with the change of a contract in it. They cost one row written for the
-- first change since the group was written, and none for the next ones.
CREATE TRIGGER contracts_added AFTER INSERT ON contracts WHEN new.is_listed = 1 BEGIN
  INSERT INTO row_groups (group_id, stamp) VALUES (new.contract_id / 4096, NULL)
    ON CONFLICT (group_id) DO UPDATE SET stamp = NULL WHERE stamp IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER contracts_changed AFTER UPDATE ON contracts WHEN new.is_listed = 1 OR old.is_listed = 1 BEGIN
  INSERT INTO row_groups (group_id, stamp) VALUES (new.contract_id / 4096, NULL)
    ON CONFLICT (group_id) DO UPDATE SET stamp = NULL WHERE stamp IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER contracts_removed AFTER DELETE ON contracts WHEN old.is_listed = 1 BEGIN
  UPDATE row_groups SET stamp = NULL WHERE group_id = old.contract_id / 4096 AND stamp IS NOT NULL;
END;
--> statement-breakpoint
-- Contracts that were listed before there were row groups.
INSERT INTO row_groups (group_id) SELECT DISTINCT contract_id / 4096 FROM contracts WHERE is_listed = 1;
