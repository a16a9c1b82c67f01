ALTER TABLE `contracts` ADD `price_confidence` text;--> statement-breakpoint
ALTER TABLE `row_group_columns` ADD `price_confidence` text;--> statement-breakpoint
-- No row group has the new column yet.
UPDATE `row_groups` SET `stamp` = NULL;
