-- The event that said the same within the five minutes before; its row_check covers it where there is one.
ALTER TABLE event ADD COLUMN duplicate_of TEXT;
