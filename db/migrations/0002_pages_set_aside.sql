-- How many records of a response could not be read: they count among what arrived.
ALTER TABLE page ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
